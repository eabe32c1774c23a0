import { makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import { useFormatter, useTranslations } from "use-intl";
import type { Run } from "../api/runs";
import { type Outcome, outcomesOf, shareText } from "./rules/run-facts";

const useStyles = makeStyles({
  table: { width: "100%", borderCollapse: "collapse" },
  row: {
    position: "relative",
    borderBlockStartWidth: tokens.strokeWidthThin,
    borderBlockStartStyle: "solid",
    borderBlockStartColor: tokens.colorNeutralStroke2,
  },
  name: {
    textAlign: "start",
    verticalAlign: "top",
    fontWeight: tokens.fontWeightRegular,
    paddingBlockStart: tokens.spacingVerticalM,
    paddingBlockEnd: "28px",
    paddingInline: 0,
  },
  label: { display: "block", fontWeight: tokens.fontWeightSemibold },
  means: { display: "block", color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  number: {
    textAlign: "end",
    verticalAlign: "top",
    whiteSpace: "nowrap",
    fontVariantNumeric: "tabular-nums",
    paddingBlockStart: tokens.spacingVerticalM,
    paddingBlockEnd: tokens.spacingVerticalS,
    paddingInlineEnd: 0,
    paddingInlineStart: tokens.spacingHorizontalL,
  },
  count: { fontWeight: tokens.fontWeightSemibold },
  share: { color: tokens.colorNeutralForeground3 },
  // It lies below the numbers as well, so that every bar is as wide as the panel.
  bar: {
    position: "absolute",
    insetInlineStart: 0,
    insetBlockEnd: tokens.spacingVerticalM,
    width: "100%",
    height: "8px",
  },
  track: { fill: tokens.colorNeutralBackground5 },
  good: { fill: tokens.colorStatusSuccessForeground3 },
  quiet: { fill: tokens.colorNeutralForeground3 },
  bad: { fill: tokens.colorStatusDangerForeground3 },
  warning: { fill: tokens.colorStatusWarningForeground3 },
  total: { color: tokens.colorNeutralForeground2 },
});

type Tone = "good" | "quiet" | "bad" | "warning";
const TONES: Readonly<Record<Outcome, Tone>> = {
  accepted: "good",
  unchanged: "quiet",
  duplicates: "quiet",
  rejected: "bad",
  unconfirmed: "warning",
};
const LEAST_SEEN = 0.006;

/** What became of the rows: each outcome with its count, its share as a bar, and what it means. */
export function Outcomes({ run }: { run: Run }) {
  const t = useTranslations("run.outcomes");
  const format = useFormatter();
  const percent = (share: number) =>
    format.number(share, { style: "percent", maximumFractionDigits: share < 0.1 || share > 0.99 ? 1 : 0 });
  const styles = useStyles();
  const isOnlySent = (outcome: Outcome) => outcome === "accepted" && run.ended_at === null;
  return (
    <>
      <Text className={styles.total}>{t("read", { count: run.tally.read })}</Text>
      <table className={styles.table} aria-label={t("title")}>
        <tbody>
          {outcomesOf(run).map(({ outcome, count, share }) => (
            <tr key={outcome} className={styles.row}>
              <th scope="row" className={styles.name}>
                <span className={styles.label}>
                  {isOnlySent(outcome) ? t("sent") : t(`names.${outcome}`)}
                </span>
                <span className={styles.means}>
                  {isOnlySent(outcome) ? t("sentMeans") : t(`means.${outcome}`)}
                </span>
                <Bar share={count > 0 ? Math.max(share, LEAST_SEEN) : 0} tone={TONES[outcome]} />
              </th>
              <td className={mergeClasses(styles.number, styles.count)}>{format.number(count)}</td>
              <td className={mergeClasses(styles.number, styles.share)}>{shareText(share, percent)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** The share as a bar, below the words and the numbers, which say the same. */
function Bar({ share, tone }: { share: number; tone: Tone }) {
  const styles = useStyles();
  return (
    <svg className={styles.bar} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect width={100} height={8} className={styles.track} />
      {share > 0 && <rect width={share * 100} height={8} className={styles[tone]} />}
    </svg>
  );
}
