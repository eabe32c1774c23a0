import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslations } from "use-intl";
import { type Export, exportQuery } from "../api/exports";
import { isGone, type Run, type RunId, runQuery } from "../api/runs";
import { Loading } from "../app/Centered";
import { TextLink } from "../parts/actions/TextLink";
import { PageHeader } from "../parts/PageHeader";
import { Panel } from "../parts/Panel";
import { ProblemView } from "../parts/ProblemView";
import { ValueNotes } from "../parts/rows/ValueNotes";
import { StatusBadge, shownStatus } from "../parts/StatusBadge";
import { AboutRun } from "./AboutRun";
import { RunMessages } from "./Messages";
import { Outcomes } from "./Outcomes";
import { Progress } from "./Progress";
import { Rejections } from "./Rejections";
import { RowsChart } from "./RowsChart";
import { RunActions } from "./RunActions";
import { chartOf } from "./rules/chart";
import { isAtWork, phaseOf, sendingOf } from "./rules/run-facts";

const useStyles = makeStyles({
  columns: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr) 20rem",
    alignItems: "start",
    gap: tokens.spacingHorizontalXL,
    "@media (max-width: 60rem)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  stack: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXL, minWidth: 0 },
  state: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalM,
    rowGap: tokens.spacingVerticalXS,
  },
  phase: { color: tokens.colorNeutralForeground2 },
});

/** A run: live while it works, and what became of it after that. */
export function RunScreen() {
  const t = useTranslations("run");
  const id = useParams({ from: "/exports/$exportId/runs/$runId" });
  const run = useQuery(runQuery(id));
  const found = useQuery(exportQuery(id.exportId));
  useLookAtExportAfter(run.data, id.exportId);
  const back = <TextLink to="/">{t("back")}</TextLink>;
  if (!run.data) {
    return (
      <>
        <PageHeader title={t("title")} intro={back} />
        {run.error ? (
          <ProblemView
            problem={run.error}
            {...(isGone(run.error) ? {} : { retry: () => void run.refetch() })}
          />
        ) : (
          <Loading />
        )}
      </>
    );
  }
  const name = found.data?.display_name || id.exportId;
  return (
    <>
      <PageHeader
        key={id.runId}
        title={t("titleOf", { name })}
        intro={back}
        actions={<RunActions run={run.data} found={found.data} id={id} />}
      />
      <Shown
        key={`shown ${id.runId}`}
        run={run.data}
        found={found.data}
        id={id}
        now={new Date(run.dataUpdatedAt)}
        problem={run.error}
      />
    </>
  );
}

function Shown(props: { run: Run; found: Export | undefined; id: RunId; now: Date; problem: Error | null }) {
  const t = useTranslations("run");
  const styles = useStyles();
  const { run, id } = props;
  const phase = phaseOf(run);
  const isDrawn = run.status === "exporting" || chartOf(sendingOf(run), { width: 1, height: 1 }) !== null;
  const chart = isDrawn && (
    <Panel title={t("chart.title")}>
      <RowsChart run={run} />
    </Panel>
  );
  return (
    <div className={styles.columns}>
      <div className={styles.stack}>
        {props.problem && <ProblemView problem={props.problem} />}
        <Panel title={t(phase ? "progress.title" : "progress.ended")}>
          <div className={styles.state} role="status">
            <StatusBadge status={shownStatus(run)} />
            {phase && isAtWork(run) && <Text className={styles.phase}>{t(`phases.${phase}`)}</Text>}
          </div>
          <RunMessages run={run} id={id} hasExport={props.found !== undefined} />
          {run.status !== "skipped" && <Progress run={run} now={props.now} />}
        </Panel>
        {run.tally.read > 0 && (
          <Panel title={t(phase ? "outcomes.titleYet" : "outcomes.title")}>
            <Outcomes run={run} />
          </Panel>
        )}
        {phase && chart}
        {Object.keys(run.reasons.rejected).length > 0 && (
          <Panel title={t("rejections.title")}>
            <Rejections run={run} id={id} />
          </Panel>
        )}
        {run.notes.length > 0 && (
          <Panel title={t("notes.title")}>
            <ValueNotes notes={run.notes} of="run.notes" label={t("notes.table")} />
          </Panel>
        )}
        {!phase && chart}
      </div>
      <Panel title={t("about.title")}>
        <AboutRun run={run} found={props.found} />
      </Panel>
    </div>
  );
}

/** Look at the export anew when its run has ended: what may be done with it is then another. */
function useLookAtExportAfter(run: Run | undefined, exportId: string): void {
  const queries = useQueryClient();
  const hasEnded = run !== undefined && run.ended_at !== null;
  useEffect(() => {
    if (hasEnded) void queries.invalidateQueries({ queryKey: exportQuery(exportId).queryKey });
  }, [hasEnded, exportId, queries]);
}
