import { makeStyles, ProgressBar, Text, tokens } from "@fluentui/react-components";
import { useId } from "react";
import { useFormatter, useTranslations } from "use-intl";
import type { Run } from "../api/runs";
import { useDuration } from "../parts/duration";
import { Facts } from "./Facts";
import { jobsAtWork, phaseOf, secondsOf, speedOf } from "./rules/run-facts";

const useStyles = makeStyles({
  bars: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL },
  head: { display: "flex", justifyContent: "space-between", columnGap: tokens.spacingHorizontalM },
  share: { fontVariantNumeric: "tabular-nums" },
  bar: { marginBlockStart: tokens.spacingVerticalXS },
});

/** How far a run has come that has not ended, or, after its end, what it took. */
export function Progress({ run, now }: { run: Run; now: Date }) {
  const t = useTranslations("run.progress");
  const styles = useStyles();
  const phase = phaseOf(run);
  return (
    <>
      {phase && (
        <div className={styles.bars}>
          <Bar label={t("rows")} share={phase === "queued" ? 0 : run.progress.share} />
          <Bar
            label={t("settled")}
            share={run.progress.settled ?? 0}
            later={run.progress.settled === null ? t("later") : undefined}
          />
        </div>
      )}
      {phase !== "queued" && <Numbers run={run} now={now} />}
    </>
  );
}

function Bar({ label, share, later }: { label: string; share: number; later?: string | undefined }) {
  const styles = useStyles();
  const format = useFormatter();
  const id = useId();
  return (
    <div>
      <div className={styles.head}>
        <Text id={id}>{label}</Text>
        <Text weight="semibold" className={styles.share}>
          {later ?? format.number(Math.floor(share * 100) / 100, { style: "percent" })}
        </Text>
      </div>
      <ProgressBar
        className={styles.bar}
        value={share}
        thickness="large"
        aria-labelledby={id}
        {...(later ? { "aria-valuetext": later } : {})}
      />
    </div>
  );
}

function Numbers({ run, now }: { run: Run; now: Date }) {
  const t = useTranslations("run.facts");
  const format = useFormatter();
  const duration = useDuration();
  const speed = speedOf(run);
  const seconds = secondsOf(run, now);
  const isActive = run.ended_at === null;
  const left = run.progress.seconds_left;
  const { submitted, ended, lost } = run.jobs;
  const atWork = jobsAtWork(run);
  const facts = [
    { name: t("rows"), value: format.number(run.checkpoint.row) },
    {
      name: t(run.status === "exporting" ? "speed" : "speedAfter"),
      value: speed === null ? "–" : format.number(Math.round(speed)),
      note: speed === null ? undefined : t("rowsASecond", { count: Math.round(speed) }),
    },
    { name: t(isActive ? "elapsed" : "took"), value: seconds === null ? "–" : duration(seconds) },
    ...(phaseOf(run) === "exporting"
      ? [
          {
            name: t("left"),
            value: left === null ? "–" : t("about", { time: duration(left) }),
            note: t("leftNote"),
          },
        ]
      : []),
    { name: t("requests"), value: format.number(run.requests) },
    {
      name: t("throttled"),
      value: format.number(run.throttled),
      note: run.throttled ? t("throttledNote") : undefined,
    },
    {
      name: t("jobs"),
      value: t("jobsEnded", { ended, submitted }),
      note: [
        atWork > 0 ? t("jobsOpen", { count: atWork }) : "",
        lost > 0 ? t("jobsLost", { count: lost }) : "",
      ]
        .filter(Boolean)
        .join(" · "),
    },
  ];
  return <Facts facts={facts} />;
}
