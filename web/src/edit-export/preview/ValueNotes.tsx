import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import { useFieldLabel } from "../mapping/field-label";
import { PreviewTable } from "./PreviewTable";
import { type Preview, rowsLookedAt } from "./preview-rules";
import { useWord } from "./words";

const useStyles = makeStyles({
  more: { display: "block", color: tokens.colorNeutralForeground3 },
  why: { minWidth: "14rem" },
  number: { whiteSpace: "nowrap" },
});

/** Values that are left out, changed, or sent although they look odd: by field, with the next step. */
export function ValueNotes({ preview }: { preview: Preview }) {
  const t = useTranslations("preview.notes");
  const styles = useStyles();
  const label = useFieldLabel();
  const reasonOf = useWord("noteReasons");
  const cureOf = useWord("noteCures");
  const effectOf = useWord("effects");
  return (
    <>
      <Text className={styles.more}>{t("scope", { rows: rowsLookedAt(preview) })}</Text>
      <PreviewTable label={t("title")} heads={[t("field"), t("effect"), t("reason"), t("count")]}>
        <tbody>
          {preview.notes.map(({ field, reason, effect, count, places }) => {
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
      </PreviewTable>
    </>
  );
}
