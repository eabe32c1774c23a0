import { makeStyles, Spinner, Text, ToggleButton, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { type Run, type RunId, rejectedRowsQuery, SHOWN_ROWS } from "../api/runs";
import { TextLink } from "../parts/actions/TextLink";
import { ProblemView } from "../parts/ProblemView";
import { useWord } from "../parts/rows/words";
import { RejectedTable } from "./RejectedTable";
import { byCount } from "./rules/rejected-rows";

const useStyles = makeStyles({
  reasons: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL },
  quiet: { color: tokens.colorNeutralForeground3 },
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
  return (
    <>
      {count > SHOWN_ROWS && (
        <Text className={styles.quiet}>{t("first", { shown: rows.data.length, count })}</Text>
      )}
      <RejectedTable rows={rows.data} label={t("rows", { reason: reasonOf(reason) ?? reason })} />
      <TextLink to="/exports/$exportId/runs/$runId/rows" params={id} search={{ reason }}>
        {t("all")}
      </TextLink>
    </>
  );
}
