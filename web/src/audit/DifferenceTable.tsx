import { makeStyles, tokens } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import { ScrollTable } from "../parts/rows/ScrollTable";
import type { Change } from "./changes";
import { useFieldName, useValueText } from "./names";

const useStyles = makeStyles({
  name: { fontWeight: tokens.fontWeightSemibold, minWidth: "9rem" },
  value: { minWidth: "9rem" },
  before: { color: tokens.colorNeutralForeground3 },
});

/** The fields that differ: what stood there before, and what stands there now; only one of it where there is one. */
export function DifferenceTable(props: { changes: readonly Change[]; kind: "made" | "removed" | "changed" }) {
  const t = useTranslations("audit.table");
  const styles = useStyles();
  const nameOf = useFieldName();
  const textOf = useValueText();
  const hasBefore = props.kind !== "made";
  const hasAfter = props.kind !== "removed";
  const heads = [t("field"), ...(hasBefore ? [t("before")] : []), ...(hasAfter ? [t("after")] : [])];
  return (
    <ScrollTable label={t("label")} heads={heads}>
      <tbody>
        {props.changes.map(({ path, before, after }) => (
          <tr key={path.join("/")}>
            <td className={styles.name}>{nameOf(path)}</td>
            {hasBefore && (
              <td className={styles.value}>
                <bdi className={hasAfter ? styles.before : undefined}>{textOf(path, before)}</bdi>
              </td>
            )}
            {hasAfter && (
              <td className={styles.value}>
                <bdi>{textOf(path, after)}</bdi>
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
