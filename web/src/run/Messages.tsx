import { MessageBar, MessageBarBody, MessageBarTitle, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { type Run, type RunId, runBeforeQuery } from "../api/runs";
import { Cure } from "../cures/Cure";
import { TextLink } from "../parts/actions/TextLink";
import { Sentence } from "../parts/sentences/Sentence";
import { warningsOf } from "./rules/run-facts";

const useStyles = makeStyles({
  bars: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalS,
    ":empty": { display: "none" },
  },
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalL, overflowWrap: "anywhere" },
  next: { display: "block", marginBlockStart: tokens.spacingVerticalXS },
});

type Intent = "error" | "warning" | "info" | "success";

/** What the run says: why it failed or was skipped, what it waits for, who stops it, what is odd, and what follows. */
export function RunMessages({ run, id, hasExport }: { run: Run; id: RunId; hasExport: boolean }) {
  const t = useTranslations("run.messages");
  const styles = useStyles();
  const ended = run.error ?? (run.ended_at === null ? run.ending : null);
  const stopped = run.warnings.find(({ code }) => code === "settling_stopped");
  const warnings = warningsOf(run).filter((each) => each !== stopped);
  const isBad = run.status === "failed" || (run.ended_at === null && run.ending?.status === "failed");
  return (
    <div className={styles.bars}>
      {ended && (
        <Bar intent={isBad ? "error" : "info"} title={titleOf(run, isBad, t)}>
          <Sentence sentence={ended} />
          {isBad && <Cure of={ended.reason} about={t("failed")} />}
          {run.status === "failed" && hasExport && run.next_run_id === null && (
            <TextLink to="/exports/$exportId" params={{ exportId: id.exportId }} className={styles.next}>
              {t("openExport")}
            </TextLink>
          )}
        </Bar>
      )}
      {run.cancel_requested && !run.ending && (
        <Bar intent="info" title={t("stopping")}>
          <Sentence sentence={run.cancel_requested} />
        </Bar>
      )}
      {run.ended_at === null && <Waits run={run} />}
      {run.silence && (
        <Bar intent="warning" title={t("silent")}>
          <Sentence sentence={run.silence} />
          <Cure of="a-run-is-stuck" about={t("silent")} />
        </Bar>
      )}
      {run.tally.unconfirmed > 0 && run.ended_at !== null && (
        <Bar intent="warning" title={t("unconfirmed", { count: run.tally.unconfirmed })}>
          {stopped ? (
            <Sentence sentence={stopped} />
          ) : (
            t("unconfirmedJobs", { jobs: run.jobs.open + run.jobs.lost })
          )}{" "}
          {t("unconfirmedMeans")}
          {run.may.includes("unconfirmed") && (
            <TextLink to="/exports/$exportId/runs/$runId/rows" params={id} className={styles.next}>
              {t("unconfirmedLink")}
            </TextLink>
          )}
        </Bar>
      )}
      {warnings.length > 0 && (
        <Bar intent="warning" title={t("warnings", { count: warnings.length })}>
          {warnings.length === 1 ? (
            warnings.map((each) => <Sentence key={each.code} sentence={each} />)
          ) : (
            <ul className={styles.list}>
              {warnings.map((each) => (
                <li key={`${each.code} ${each.detail}`}>
                  <Sentence sentence={each} />
                </li>
              ))}
            </ul>
          )}
        </Bar>
      )}
      {run.next_run_id && (
        <Bar intent="info" title={t("next")}>
          <RunLink exportId={id.exportId} runId={run.next_run_id} words={t("nextLink")} />
        </Bar>
      )}
      {run.trigger === "source_changed" && <RunBefore id={id} />}
    </div>
  );
}

function titleOf(run: Run, isBad: boolean, t: ReturnType<typeof useTranslations<"run.messages">>): string {
  if (run.ended_at === null) return t(isBad ? "failing" : "stopping");
  if (isBad) return t("failed");
  return t(run.status === "skipped" ? "skipped" : run.status === "cancelled" ? "cancelled" : "ended");
}

/** What the run waits for: for a while between two legs, or within one. */
function Waits({ run }: { run: Run }) {
  const t = useTranslations("run.messages");
  const words = useTranslations("run.held");
  const format = useFormatter();
  const styles = useStyles();
  const time = (at: string) => {
    const date = new Date(at);
    const isToday = date.toDateString() === new Date().toDateString();
    return format.dateTime(date, { timeStyle: "medium", ...(isToday ? {} : { dateStyle: "medium" }) });
  };
  const { waiting, held } = run;
  if (waiting) {
    const isRoutine = waiting.reason === "klaviyo_is_importing" || waiting.reason === "time_budget";
    return (
      <Bar intent={isRoutine ? "info" : "warning"} title={t("waiting")}>
        <Sentence sentence={waiting} />
        <span className={styles.next}>
          {t("waitsUntil", { since: time(waiting.since), next: time(waiting.next_try) })}
        </span>
      </Bar>
    );
  }
  if (!held) return null;
  const key = `${held.reason}` as Parameters<typeof words>[0];
  return (
    <Bar intent="warning" title={words.has(key) ? words(key) : words("other")}>
      {held.until === null
        ? t("heldSince", { since: time(held.since) })
        : t("heldUntil", { since: time(held.since), until: time(held.until) })}
    </Bar>
  );
}

function RunBefore({ id }: { id: RunId }) {
  const t = useTranslations("run.messages");
  const before = useQuery(runBeforeQuery(id));
  return (
    <Bar intent="info" title={t("before")}>
      {before.data && <RunLink exportId={id.exportId} runId={before.data} words={t("beforeLink")} />}
    </Bar>
  );
}

function RunLink(props: RunId & { words: string }) {
  const { exportId, runId } = props;
  return (
    <TextLink to="/exports/$exportId/runs/$runId" params={{ exportId, runId }}>
      {props.words}
    </TextLink>
  );
}

function Bar(props: { intent: Intent; title: string; children: ReactNode }) {
  return (
    <MessageBar intent={props.intent} layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{props.title}</MessageBarTitle>
        <div>{props.children}</div>
      </MessageBarBody>
    </MessageBar>
  );
}
