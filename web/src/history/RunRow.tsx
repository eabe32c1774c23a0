import { useTranslations } from "use-intl";
import type { ListedRun, ReadRun } from "../api/history";
import { TextLink } from "../parts/actions/TextLink";
import { useDuration } from "../parts/duration";
import { LongText } from "../parts/LongText";
import { StatusBadge, shownStatus } from "../parts/StatusBadge";
import { useSentence } from "../parts/sentences/sentences";
import { useWho } from "../parts/sentences/who";
import { TallyText } from "../parts/TallyText";
import { Cell } from "../parts/table/Cell";
import { AS, useTableStyles } from "../parts/table/table-styles";
import { When } from "../parts/When";

/** One run of the history: of which export, when and by whom, how it ended, and what became of its rows. */
export function RunRow({ run, name }: { run: ReadRun; name: string }) {
  const t = useTranslations("history");
  const styles = useTableStyles();
  const say = useSentence();
  const duration = useDuration();
  const sentence = run.error ?? run.waiting;
  const seconds = took(run);
  const lost = run.tally.rejected + run.tally.unconfirmed;
  return (
    <tr className={styles.row} {...AS.row}>
      <Cell isWhole>
        <span className={styles.lines}>
          <RunLink run={run}>{name}</RunLink>
          <Started run={run} />
        </span>
      </Cell>
      <Cell label={t("columns.asked")}>
        <When at={run.created_at} isPast />
      </Cell>
      <Cell label={t("columns.took")}>{seconds === null ? "–" : duration(seconds)}</Cell>
      <Cell isWhole label={t("columns.ended")}>
        <span className={styles.lines}>
          <StatusBadge status={shownStatus(run)} />
          {sentence && <LongText text={say(sentence)} />}
        </span>
      </Cell>
      <Cell isWhole label={t("columns.rows")}>
        <span className={styles.lines}>
          <span>
            {run.ended_at !== null && run.tally.read === 0 ? (
              t("noRows")
            ) : (
              <TallyText tally={run.tally} isOver={run.ended_at !== null} />
            )}
          </span>
          {lost > 0 && run.may.includes("rejections") && run.ended_at !== null && (
            <TextLink
              to="/exports/$exportId/runs/$runId/rows"
              params={{ exportId: run.export_id, runId: run.id }}
            >
              {t("rows", { count: lost })}
            </TextLink>
          )}
        </span>
      </Cell>
    </tr>
  );
}

/** A run whose document is damaged: nothing but its ids can be told. */
export function BrokenRow({ run, name }: { run: ListedRun; name: string }) {
  const t = useTranslations("history");
  const styles = useTableStyles();
  return (
    <tr className={styles.row} {...AS.row}>
      <Cell isWhole>
        <RunLink run={run}>{name}</RunLink>
      </Cell>
      <Cell isWhole span={4}>
        {t("broken", { id: run.id })}
      </Cell>
    </tr>
  );
}

/** How many seconds a run took from its start to its end; null where it has no end yet, or never began. */
export function took({ started_at, ended_at }: Pick<ReadRun, "started_at" | "ended_at">): number | null {
  if (started_at === null || ended_at === null) return null;
  return Math.max(0, (Date.parse(ended_at) - Date.parse(started_at)) / 1000);
}

function RunLink({ run, children }: { run: ListedRun; children: string }) {
  const styles = useTableStyles();
  return (
    <TextLink
      to="/exports/$exportId/runs/$runId"
      params={{ exportId: run.export_id, runId: run.id }}
      className={styles.name}
    >
      {children}
    </TextLink>
  );
}

/** What started the run; where a person did, who. */
function Started({ run }: { run: ReadRun }) {
  const triggers = useTranslations("words.triggers");
  const styles = useTableStyles();
  const who = useWho();
  const trigger = run.trigger as Parameters<typeof triggers>[0];
  const author = run.trigger === "http" && run.requested_by ? who(run.requested_by) : "";
  return (
    <span className={styles.quiet}>
      {[triggers.has(trigger) ? triggers(trigger) : run.trigger, author].filter(Boolean).join(" · ")}
    </span>
  );
}
