import {
  Field,
  makeStyles,
  SearchBox,
  Spinner,
  Text,
  ToggleButton,
  tokens,
} from "@fluentui/react-components";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { rejectedPagesQuery } from "../../api/run-rows";
import type { Run, RunId } from "../../api/runs";
import { LoadMore } from "../../parts/actions/LoadMore";
import { Panel } from "../../parts/Panel";
import { ProblemView } from "../../parts/ProblemView";
import { useWord } from "../../parts/rows/words";
import { RejectedTable } from "../RejectedTable";
import { byCount } from "../rules/rejected-rows";
import { matching } from "../rules/rows-search";
import { Download } from "./Download";

const useStyles = makeStyles({
  reasons: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  find: { maxWidth: "24rem" },
  box: { width: "100%", maxWidth: "none" },
  foot: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalL },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** The rejected rows, of one reason or of all. What one looks for among them stays in this component. */
export function RejectedPanel({ run, id }: { run: Run; id: RunId }) {
  const t = useTranslations("rows.rejected");
  const format = useFormatter();
  const styles = useStyles();
  const reasonOf = useWord("rejectionReasons");
  const { reason = null } = useSearch({ from: "/exports/$exportId/runs/$runId/rows" });
  const navigate = useNavigate({ from: "/exports/$exportId/runs/$runId/rows" });
  const choose = (to: string | null) =>
    void navigate({ search: to === null ? {} : { reason: to }, replace: true, resetScroll: false });
  const reasons = byCount(run.reasons.rejected);
  const whole = Math.max(
    run.tally.rejected,
    reasons.reduce((sum, { count }) => sum + count, 0),
  );
  const count = reason === null ? whole : (run.reasons.rejected[reason] ?? 0);
  return (
    <Panel
      title={t("title", { count: whole })}
      action={<Download key={reason} id={id} reason={reason} isOne={reason !== null} />}
    >
      {reasons.length > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is sent with a form
        <div className={styles.reasons} role="group" aria-label={t("reasons")}>
          <ToggleButton checked={reason === null} onClick={() => choose(null)}>
            {t("all", { count: format.number(whole) })}
          </ToggleButton>
          {reasons.map((each) => (
            <ToggleButton
              key={each.reason}
              checked={reason === each.reason}
              onClick={() => choose(reason === each.reason ? null : each.reason)}
            >
              {`${reasonOf(each.reason) ?? each.reason}: ${format.number(each.count)}`}
            </ToggleButton>
          ))}
        </div>
      )}
      <Rows key={reason} id={id} reason={reason} count={count} />
    </Panel>
  );
}

function Rows({ id, reason, count }: { id: RunId; reason: string | null; count: number }) {
  const t = useTranslations("rows.rejected");
  const run = useTranslations("run.rejections");
  const styles = useStyles();
  const [typed, setTyped] = useState("");
  const found = useInfiniteQuery(rejectedPagesQuery(id, reason));
  if (found.error && !found.data)
    return <ProblemView problem={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Spinner size="small" label={run("loading")} />;
  const rows = found.data.pages.flatMap(({ lines }) => lines);
  const shown = matching(rows, typed);
  const isAll = shown.length === rows.length;
  return (
    <>
      <Field label={t("find")} className={styles.find}>
        <SearchBox
          className={styles.box}
          value={typed}
          placeholder={t("placeholder")}
          autoComplete="off"
          onChange={(_, { value }) => setTyped(value)}
        />
      </Field>
      {found.error && <ProblemView problem={found.error} />}
      {shown.length > 0 ? (
        <RejectedTable rows={shown} label={t("table")} />
      ) : (
        <Text>{rows.length > 0 ? t("nothing") : ""}</Text>
      )}
      <div className={styles.foot}>
        <LoadMore {...found} />
        <Text size={200} className={styles.quiet} role="status">
          {isAll
            ? t("shown", { shown: rows.length, count: Math.max(count, rows.length) })
            : t("found", { found: shown.length, shown: rows.length })}
        </Text>
      </div>
    </>
  );
}
