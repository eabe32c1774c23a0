import { makeStyles, tokens } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import type { Run } from "../api/runs";
import { useFieldLabel } from "../edit-export/mapping/field-label";
import { PreviewTable } from "../edit-export/preview/PreviewTable";
import { useWord } from "../edit-export/preview/words";

const useStyles = makeStyles({
  more: { display: "block", color: tokens.colorNeutralForeground3 },
  reason: { minWidth: "12rem" },
  number: { whiteSpace: "nowrap" },
});

/** Values that were left out, changed, or sent although they look odd; the row itself was brought across. */
export function Notes({ notes }: { notes: Run["notes"] }) {
  const t = useTranslations("run.notes");
  const styles = useStyles();
  const label = useFieldLabel();
  const reasonOf = useWord("noteReasons");
  const cureOf = useWord("noteCures");
  const effectOf = useWord("effects");
  return (
    <PreviewTable label={t("table")} heads={[t("field"), t("effect"), t("reason"), t("count")]}>
      <tbody>
        {notes.map(({ field, reason, effect, count, places }) => {
          const first = places[0];
          return (
            <tr key={`${field} ${reason}`}>
              <td>{field ? label(field) : t("wholeRows")}</td>
              <td>{effectOf(effect) ?? effect}</td>
              <td className={styles.reason}>
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
    </PreviewTable>
  );
}
