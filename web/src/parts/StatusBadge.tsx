import { makeStyles, mergeClasses, Spinner, Text, tokens } from "@fluentui/react-components";
import {
  CheckmarkCircleFilled,
  CircleRegular,
  ClockRegular,
  DismissCircleFilled,
  HourglassRegular,
  SkipForwardTabRegular,
  SubtractCircleRegular,
  WarningFilled,
} from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import type { components } from "../api/schema";

export type RunStatus = components["schemas"]["Run"]["status"];
/** What a badge can show: the status of a run, a run that waits, or no run at all. */
export type ShownStatus = RunStatus | "waiting" | "never";

const useStyles = makeStyles({
  root: {
    display: "inline-flex",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalSNudge,
    whiteSpace: "normal",
  },
  icon: { display: "inline-flex", flexShrink: 0, fontSize: "16px" },
  good: { color: tokens.colorStatusSuccessForeground1 },
  warning: { color: tokens.colorStatusWarningForeground3 },
  bad: { color: tokens.colorStatusDangerForeground1 },
  quiet: { color: tokens.colorNeutralForeground3 },
  busy: { color: tokens.colorBrandForeground1 },
});

type Tone = "good" | "warning" | "bad" | "quiet" | "busy";
const LOOKS: Readonly<Record<ShownStatus, { tone: Tone; icon: ReactNode }>> = {
  queued: { tone: "busy", icon: <ClockRegular /> },
  exporting: { tone: "busy", icon: <Spinner size="extra-tiny" aria-hidden /> },
  settling: { tone: "busy", icon: <Spinner size="extra-tiny" aria-hidden /> },
  waiting: { tone: "warning", icon: <HourglassRegular /> },
  succeeded: { tone: "good", icon: <CheckmarkCircleFilled /> },
  partial: { tone: "warning", icon: <WarningFilled /> },
  failed: { tone: "bad", icon: <DismissCircleFilled /> },
  cancelled: { tone: "quiet", icon: <SubtractCircleRegular /> },
  skipped: { tone: "quiet", icon: <SkipForwardTabRegular /> },
  never: { tone: "quiet", icon: <CircleRegular /> },
};

/** The status in words, with a sign before them: the colour alone says nothing. */
export function StatusBadge({ status }: { status: ShownStatus }) {
  const t = useTranslations("parts.status");
  const styles = useStyles();
  const { tone, icon } = LOOKS[status];
  return (
    <span className={styles.root}>
      <span className={mergeClasses(styles.icon, styles[tone])} aria-hidden>
        {icon}
      </span>
      <Text weight="semibold">{t(status)}</Text>
    </span>
  );
}

const ACTIVE: readonly RunStatus[] = ["queued", "exporting", "settling"];

/** Tell whether a run with *status* has not ended. */
export function isActive(status: RunStatus): boolean {
  return ACTIVE.includes(status);
}

/** Return what a badge shows of *run*: a run that waits says so, whatever its status. */
export function shownStatus(run: { status: RunStatus; waiting: unknown } | null | undefined): ShownStatus {
  if (!run) return "never";
  return run.waiting && isActive(run.status) ? "waiting" : run.status;
}
