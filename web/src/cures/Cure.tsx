import { Link, makeStyles, Spinner, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useLocale, useTranslations } from "use-intl";
import { curesQuery } from "./cures";

const CureText = lazy(async () => ({ default: (await import("./CureText")).CureText }));

const useStyles = makeStyles({
  root: { display: "block" },
  text: {
    marginBlockStart: tokens.spacingVerticalS,
    paddingInlineStart: tokens.spacingHorizontalM,
    borderInlineStartWidth: tokens.strokeWidthThick,
    borderInlineStartStyle: "solid",
    borderInlineStartColor: tokens.colorNeutralStroke2,
    maxWidth: "46rem",
  },
});

/** A button that opens what to do, from the section *of* in docs/operations.md. The text is loaded when it is asked for. */
export function Cure({ of, about }: { of: string; about: string }) {
  const t = useTranslations("parts.cure");
  const styles = useStyles();
  const [isOpen, setOpen] = useState(false);
  return (
    <div className={styles.root}>
      <Link
        as="button"
        type="button"
        inline
        aria-expanded={isOpen}
        aria-label={t(isOpen ? "hideOf" : "showOf", { name: about })}
        onClick={() => setOpen(!isOpen)}
      >
        {t(isOpen ? "hide" : "show")}
      </Link>
      {isOpen && (
        <div className={styles.text}>
          <Suspense fallback={<Spinner size="tiny" />}>
            <Loaded of={of} />
          </Suspense>
        </div>
      )}
    </div>
  );
}

function Loaded({ of }: { of: string }) {
  const t = useTranslations("parts.cure");
  const cures = useQuery(curesQuery(useLocale()));
  if (cures.isPending) return <Spinner size="tiny" />;
  const text = cures.data?.get(of);
  return text ? <CureText text={text} /> : t("none");
}
