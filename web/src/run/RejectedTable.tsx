import { makeStyles, tokens } from "@fluentui/react-components";
import { useFormatter, useTranslations } from "use-intl";
import { RowReason } from "../parts/rows/RowReason";
import { ScrollTable } from "../parts/rows/ScrollTable";
import { RowValues } from "./RowValues";
import type { Rejected } from "./rules/rejected-rows";

const useStyles = makeStyles({
  detail: { display: "block", color: tokens.colorNeutralForeground3, maxWidth: "24rem" },
  number: { textAlign: "end", fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" },
  file: { minWidth: "9rem" },
  fields: { minWidth: "16rem" },
  reason: { minWidth: "10rem" },
});

/** Rejected rows: where each stands, why it was not taken, and what it has. */
export function RejectedTable({ rows, label }: { rows: readonly Rejected[]; label: string }) {
  const t = useTranslations("run.rejections");
  // In most files a row is a line, and the same number twice would only be asked about.
  const hasLines = rows.some(({ row, line }) => line !== null && line !== row);
  const numbers = [{ ofNumbers: t("row") }, ...(hasLines ? [{ ofNumbers: t("line") }] : [])];
  const heads = [t("file"), ...numbers, t("why"), t("fields")];
  return (
    <ScrollTable label={label} heads={heads}>
      <tbody>
        {rows.map((each, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows stand as they are, and one may come twice
          <Row key={index} row={each} hasLine={hasLines} />
        ))}
      </tbody>
    </ScrollTable>
  );
}

/** The reason whose label says that Klaviyo refused the row. */
const SAYS_WHO = "invalid";

function Row({ row, hasLine }: { row: Rejected; hasLine: boolean }) {
  const t = useTranslations("run.rejections");
  const format = useFormatter();
  const styles = useStyles();
  const spans = row.rows?.map(([blob, first, last]) => t("span", { blob, first, last })).join(", ");
  return (
    <tr>
      <td className={styles.file}>{row.blob ?? spans ?? "–"}</td>
      <td className={styles.number}>{row.row === null ? "–" : format.number(row.row)}</td>
      {hasLine && <td className={styles.number}>{row.line === null ? "–" : format.number(row.line)}</td>}
      <td className={styles.reason}>
        <RowReason row={row} />
        {row.refused_by === "klaviyo" && row.reason !== SAYS_WHO && (
          <span className={styles.detail}>{t("byKlaviyo")}</span>
        )}
      </td>
      <td className={styles.fields}>
        <RowValues fields={row.fields} />
      </td>
    </tr>
  );
}
