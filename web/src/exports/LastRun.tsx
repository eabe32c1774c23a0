import { makeStyles, tokens } from "@fluentui/react-components";
import { WarningRegular } from "@fluentui/react-icons";
import { useTranslations } from "use-intl";
import type { ReadableExport } from "../api/exports";
import type { SentenceDocument } from "../api/problem";
import { TextLink } from "../parts/actions/TextLink";
import { LongText } from "../parts/LongText";
import { isActive, StatusBadge, shownStatus } from "../parts/StatusBadge";
import { useSentence } from "../parts/sentences/sentences";
import { TallyText } from "../parts/TallyText";
import { useTableStyles } from "../parts/table/table-styles";
import { When } from "../parts/When";

const useStyles = makeStyles({
  head: { display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: tokens.spacingHorizontalS },
  time: { fontSize: tokens.fontSizeBase200 },
  warning: { display: "flex", columnGap: tokens.spacingHorizontalSNudge },
  sign: {
    flexShrink: 0,
    fontSize: "16px",
    lineHeight: tokens.lineHeightBase300,
    color: tokens.colorStatusWarningForeground3,
  },
});

/** A sentence of a run, and the warning of its export that says the same again. */
const SAYS_ALSO: Readonly<Record<string, string>> = { list_unknown: "list_was_missing" };

/** How the last run of an export ended or stands, what it says, and what keeps the export from running. */
export function LastRun({ found }: { found: ReadableExport }) {
  const styles = useTableStyles();
  const own = useStyles();
  const say = useSentence();
  const run = found.last_run;
  const sentence: SentenceDocument | null = run?.error ?? run?.waiting ?? null;
  const warnings = found.warnings.filter(
    (each) => each.code !== sentence?.code && SAYS_ALSO[sentence?.code ?? ""] !== each.code,
  );
  return (
    <span className={styles.lines}>
      <span className={own.head}>
        <StatusBadge status={shownStatus(run)} />
        {run && <RunTime exportId={found.id} run={run} />}
      </span>
      {sentence && <LongText text={say(sentence)} />}
      {run && (run.tally.read > 0 || !sentence) && (
        <span className={styles.quiet}>
          <TallyText tally={run.tally} isOver={run.ended_at !== null} />
        </span>
      )}
      {warnings.map((each) => (
        <span key={`${each.code} ${each.pointer}`} className={own.warning}>
          <WarningRegular className={own.sign} aria-hidden />
          <LongText text={say(each)} />
        </span>
      ))}
    </span>
  );
}

function RunTime({ exportId, run }: { exportId: string; run: NonNullable<ReadableExport["last_run"]> }) {
  const t = useTranslations("exports");
  const own = useStyles();
  const [words, at] = isActive(run.status)
    ? run.started_at
      ? (["startedAgo", run.started_at] as const)
      : (["queuedAgo", run.created_at] as const)
    : (["endedAgo", run.ended_at ?? run.created_at] as const);
  return (
    <TextLink
      to="/exports/$exportId/runs/$runId"
      params={{ exportId, runId: run.id }}
      className={own.time}
      title={t("menu.lastRun")}
    >
      {t.rich(words, { when: () => <When key="when" at={at} isShort isPast /> })}
    </TextLink>
  );
}
