import { makeStyles, tokens } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import type { Run } from "../../api/runs";
import { useFieldLabel } from "./field-label";
import { ScrollTable } from "./ScrollTable";
import { useWord } from "./words";

const useStyles = makeStyles({
  more: { display: "block", color: tokens.colorNeutralForeground3 },
  why: { minWidth: "14rem" },
  number: { whiteSpace: "nowrap" },
});

/** What was noted about values: field, effect, reason with the next step, and how often. *of* says whose words are shown. */
export function ValueNotes(props: { notes: Run["notes"]; of: "preview.notes" | "run.notes"; label: string }) {
  const t = useTranslations(props.of);
  const styles = useStyles();
  const label = useFieldLabel();
  const reasonOf = useWord("noteReasons");
  const cureOf = useWord("noteCures");
  const effectOf = useWord("effects");
  return (
    <ScrollTable label={props.label} heads={[t("field"), t("effect"), t("reason"), t("count")]}>
      <tbody>
        {props.notes.map(({ field, reason, effect, count, places }) => {
          const first = places[0];
          return (
            <tr key={`${field} ${reason}`}>
              <td>{field ? label(field) : t("wholeRows")}</td>
              <td>{effectOf(effect) ?? effect}</td>
              <td className={styles.why}>
                {reasonOf(reason) ?? reason}
                <span className={styles.more}>{cureOf(reason)}</span>
              </td>
              <td>
                <span className={styles.number}>{t("times", { count })}</span>
                {first && (
                  <span className={styles.more}>{t("first", { row: first.row, file: first.blob })}</span>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </ScrollTable>
  );
}
