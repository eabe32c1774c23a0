import { Link } from "@fluentui/react-components";
import { Fragment, useState } from "react";
import { useTranslations } from "use-intl";
import { useFieldLabel } from "../parts/rows/field-label";
import { flat, shownValue } from "../parts/rows/shown-values";
import type { Rejected } from "./rules/rejected-rows";

/** A row of a wide segment would fill the window, so that its other fields are shown when asked for. */
const FIRST = 8;

/** What stands in the fields of a row. */
export function RowValues({ fields }: { fields: Rejected["fields"] }) {
  const t = useTranslations("run.rejections");
  const label = useFieldLabel();
  const [isWhole, setWhole] = useState(false);
  const values = Object.entries(flat(fields)).filter(([, value]) => shownValue(value) !== "");
  if (values.length === 0) return t("empty");
  const isLong = values.length > FIRST + 1;
  return (
    <>
      {(isLong && !isWhole ? values.slice(0, FIRST) : values).map(([name, value], index) => (
        // A value may be written from right to left; it must not turn round what stands beside it.
        <Fragment key={name}>
          {index > 0 && " · "}
          {label(name)}: <bdi>{shownValue(value)}</bdi>
        </Fragment>
      ))}
      {isLong && (
        <>
          {" "}
          <Link as="button" type="button" inline aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
            {t(isWhole ? "fewerFields" : "allFields", { count: values.length })}
          </Link>
        </>
      )}
    </>
  );
}
