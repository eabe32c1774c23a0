import { makeStyles, mergeClasses, Spinner, Text, ToggleButton, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { type Run, type RunId, rejectedRowsQuery, SHOWN_ROWS } from "../api/runs";
import { ProblemView } from "../parts/ProblemView";
import { useFieldLabel } from "../parts/rows/field-label";
import { ScrollTable } from "../parts/rows/ScrollTable";
import { flat, shownValue } from "../parts/rows/shown-values";
import { useWord } from "../parts/rows/words";
import { usePhrase } from "../parts/sentences/sentences";
import { byCount, type Rejected } from "./rules/rejected-rows";

const useStyles = makeStyles({
  reasons: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL },
  quiet: { color: tokens.colorNeutralForeground3 },
  detail: { display: "block", color: tokens.colorNeutralForeground3, maxWidth: "24rem" },
  number: { textAlign: "end", fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" },
  file: { minWidth: "9rem" },
  fields: { minWidth: "16rem" },
  reason: { minWidth: "10rem" },
});

/** The rejected rows by reason; a reason that is chosen shows its first rows, as long as the screen is open. */
export function Rejections({ run, id }: { run: Run; id: RunId }) {
  const t = useTranslations("run.rejections");
  const format = useFormatter();
  const styles = useStyles();
  const reasonOf = useWord("rejectionReasons");
  const [chosen, setChosen] = useState<string | null>(null);
  const reasons = byCount(run.reasons.rejected);
  const mayLook = run.may.includes("rejections");
  const words = ({ reason, count }: (typeof reasons)[number]) =>
    t("reason", { name: reasonOf(reason) ?? reason, count: format.number(count) });
  const isEnded = run.ended_at !== null;
  return (
    <>
      <Text className={styles.quiet}>{t(isEnded ? (mayLook ? "intro" : "mayNot") : "notYet")}</Text>
      {mayLook ? (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is sent with a form
        <div className={styles.reasons} role="group" aria-label={t("reasons")}>
          {reasons.map((each) => (
            <ToggleButton
              key={each.reason}
              checked={chosen === each.reason}
              onClick={() => setChosen(chosen === each.reason ? null : each.reason)}
            >
              {words(each)}
            </ToggleButton>
          ))}
        </div>
      ) : (
        <ul className={styles.list}>
          {reasons.map((each) => (
            <li key={each.reason}>{words(each)}</li>
          ))}
        </ul>
      )}
      {chosen !== null && <Rows id={id} reason={chosen} count={run.reasons.rejected[chosen] ?? 0} />}
    </>
  );
}

function Rows({ id, reason, count }: { id: RunId; reason: string; count: number }) {
  const t = useTranslations("run.rejections");
  const styles = useStyles();
  const reasonOf = useWord("rejectionReasons");
  const rows = useQuery(rejectedRowsQuery(id, reason));
  if (rows.error) return <ProblemView problem={rows.error} retry={() => void rows.refetch()} />;
  if (!rows.data) return <Spinner size="small" label={t("loading")} />;
  const heads = [t("file"), t("row"), t("line"), t("why"), t("fields")];
  return (
    <>
      {count > SHOWN_ROWS && (
        <Text className={styles.quiet}>{t("first", { shown: rows.data.length, count })}</Text>
      )}
      <ScrollTable label={t("rows", { reason: reasonOf(reason) ?? reason })} heads={heads}>
        <tbody>
          {rows.data.map((each, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rows stand as they are, and one may come twice
            <Row key={index} row={each} />
          ))}
        </tbody>
      </ScrollTable>
    </>
  );
}

function Row({ row }: { row: Rejected }) {
  const t = useTranslations("run.rejections");
  const format = useFormatter();
  const styles = useStyles();
  const label = useFieldLabel();
  const reasonOf = useWord("rejectionReasons");
  const values = Object.entries(flat(row.fields)).filter(([, value]) => shownValue(value) !== "");
  // Klaviyo's own words stay as they are.
  const detail = usePhrase()(row.detail);
  const spans = row.rows?.map(([blob, first, last]) => t("span", { blob, first, last })).join(", ");
  return (
    <tr>
      <td className={styles.file}>{row.blob ?? spans ?? "–"}</td>
      <td className={styles.number}>{row.row === null ? "–" : format.number(row.row)}</td>
      <td className={styles.number}>{row.line === null ? "–" : format.number(row.line)}</td>
      <td className={styles.reason}>
        {reasonOf(row.reason) ?? row.reason}
        <span className={styles.detail} {...(detail === row.detail ? { lang: "en" } : {})}>
          {detail}
        </span>
        {row.refused_by === "klaviyo" && <span className={styles.detail}>{t("byKlaviyo")}</span>}
      </td>
      <td className={mergeClasses(styles.fields, values.length === 0 && styles.quiet)}>
        {values.map(([name, value]) => `${label(name)}: ${shownValue(value)}`).join(" · ") || t("empty")}
      </td>
    </tr>
  );
}
