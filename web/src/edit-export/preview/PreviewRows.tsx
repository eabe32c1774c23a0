import { makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { useFieldLabel } from "../../parts/rows/field-label";
import { RowReason } from "../../parts/rows/RowReason";
import { ScrollTable } from "../../parts/rows/ScrollTable";
import { flat, shownValue } from "../../parts/rows/shown-values";
import { fieldsOf, type Preview, rowsLookedAt } from "./preview-rules";
import { ROWS } from "./use-preview";

const useStyles = makeStyles({
  row: { color: tokens.colorNeutralForeground3, whiteSpace: "nowrap", width: "1px" },
  quiet: { color: tokens.colorNeutralForeground3 },
  short: { whiteSpace: "nowrap" },
  reason: { minWidth: "9rem" },
  fields: { minWidth: "16rem" },
  file: { color: tokens.colorNeutralForeground3 },
});

/** So many rows are shown. */
function shownRows(preview: Preview): number {
  return Math.min(ROWS, rowsLookedAt(preview));
}

/** The first rows as they would be sent, an attribute a column. */
export function SentRows({ preview }: { preview: Preview }) {
  const t = useTranslations("preview.sent");
  const styles = useStyles();
  const label = useFieldLabel();
  const { profiles, duplicates } = preview;
  const fields = fieldsOf(profiles.map(({ attributes }) => attributes));
  if (profiles.length === 0)
    return <Text className={styles.quiet}>{t("none", { rows: shownRows(preview) })}</Text>;
  return (
    <>
      {duplicates > 0 && (
        <Text className={styles.quiet}>
          {t("duplicates", { count: duplicates, rows: rowsLookedAt(preview) })}
        </Text>
      )}
      <ScrollTable label={t("caption", { count: profiles.length })} heads={[t("row"), ...fields.map(label)]}>
        {byFile(profiles, preview).map(({ file, rows }) => (
          <Rows key={file} file={file} columns={fields.length + 1}>
            {rows.map(({ row, attributes }) => {
              const values = flat(attributes);
              return (
                <tr key={row}>
                  <td className={styles.row}>{row}</td>
                  {fields.map((field) => (
                    <Value key={field} text={shownValue(values[field])} />
                  ))}
                </tr>
              );
            })}
          </Rows>
        ))}
      </ScrollTable>
    </>
  );
}

/** A value; a short one, such as an id, is not broken at its hyphens. */
function Value({ text }: { text: string }) {
  const styles = useStyles();
  return <td className={text.length <= 40 ? styles.short : undefined}>{text}</td>;
}

/** Rows that a run would refuse, each with the reason and what stands there. */
export function RefusedRows({ preview }: { preview: Preview }) {
  const t = useTranslations("preview.refused");
  const styles = useStyles();
  const label = useFieldLabel();
  const { rejections } = preview;
  const count = { rows: shownRows(preview) };
  if (rejections.length === 0) return <Text className={styles.quiet}>{t("none", count)}</Text>;
  return (
    <>
      <Text className={styles.quiet}>{t("some", { ...count, count: rejections.length })}</Text>
      <ScrollTable label={t("title")} heads={[t("row"), t("reason"), t("fields")]}>
        {byFile(rejections, preview).map(({ file, rows }) => (
          <Rows key={file} file={file} columns={3}>
            {rows.map(({ row, line, reason, code, params, detail, fields }) => {
              const values = Object.entries(flat(fields)).filter(([, value]) => shownValue(value) !== "");
              return (
                <tr key={`${row} ${line} ${reason}`}>
                  <td className={styles.row}>{row ?? line}</td>
                  <td className={styles.reason}>
                    <RowReason row={{ reason, code, params, detail }} />
                  </td>
                  <td className={mergeClasses(styles.fields, values.length === 0 && styles.quiet)}>
                    {values.map(([name, value]) => `${label(name)}: ${shownValue(value)}`).join(" · ") ||
                      t("empty")}
                  </td>
                </tr>
              );
            })}
          </Rows>
        ))}
      </ScrollTable>
    </>
  );
}

/** The rows of one file, below its name; *file* is "" where all rows are of one file. */
function Rows(props: { file: string; columns: number; children: ReactNode }) {
  const styles = useStyles();
  return (
    <tbody>
      {props.file && (
        <tr>
          <th scope="rowgroup" colSpan={props.columns} className={styles.file}>
            {props.file}
          </th>
        </tr>
      )}
      {props.children}
    </tbody>
  );
}

function byFile<R extends { blob: string | null }>(
  rows: readonly R[],
  { profiles, rejections }: Preview,
): { file: string; rows: R[] }[] {
  const isOne = new Set([...profiles, ...rejections].map(({ blob }) => blob)).size <= 1;
  const files = new Map<string, R[]>();
  for (const row of rows) {
    const file = isOne ? "" : (row.blob ?? "");
    files.set(file, [...(files.get(file) ?? []), row]);
  }
  return [...files].map(([file, of]) => ({ file, rows: of }));
}
