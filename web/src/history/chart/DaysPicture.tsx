import { makeStyles, tokens } from "@fluentui/react-components";
import { useId } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { useDuration } from "../../parts/duration";
import { useWidth } from "../../parts/use-width";
import { pictureOf, type RunDay } from "./run-days";
import { useTones } from "./tones";

const ROWS = 140;
const TIME = 44;
const BETWEEN = 34;
const MARGIN = { left: 56, right: 8, top: 10, bottom: 22 };

const useStyles = makeStyles({
  picture: { display: "block", width: "100%", height: "auto", overflowX: "visible", overflowY: "visible" },
  grid: { stroke: tokens.colorNeutralStroke2, strokeWidth: "1px" },
  words: { fill: tokens.colorNeutralForeground3, fontSize: "12px" },
  dot: { fill: tokens.colorBrandStroke1 },
});

/** The rows of each day as a bar by outcome, and below it how long the longest run of the day took. */
export function DaysPicture({ days }: { days: readonly RunDay[] }) {
  const t = useTranslations("history.chart");
  const format = useFormatter();
  const duration = useDuration();
  const styles = useStyles();
  const tones = useTones();
  const id = useId();
  const [frame, whole] = useWidth();
  const width = Math.max(160, whole - MARGIN.left - MARGIN.right);
  const picture = pictureOf(days, { width, rowsHeight: ROWS, timeHeight: TIME });
  const top = ROWS + BETWEEN;
  const total = (name: "runs" | "read" | "failed") => days.reduce((sum, each) => sum + each[name], 0);
  const rejected = days.reduce((sum, { rows }) => sum + rows.rejected, 0);
  return (
    <div ref={frame}>
      <svg
        className={styles.picture}
        viewBox={`${-MARGIN.left} ${-MARGIN.top} ${width + MARGIN.left + MARGIN.right} ${top + TIME + MARGIN.top + MARGIN.bottom}`}
        role="img"
        aria-labelledby={`${id}-title ${id}-desc`}
      >
        <title id={`${id}-title`}>{t("title", { days: days.length })}</title>
        <desc id={`${id}-desc`}>
          {t("desc", { runs: total("runs"), failed: total("failed"), rows: total("read"), rejected })}
        </desc>
        {picture.rows.map(({ at, value }) => (
          <g key={`rows ${value}`}>
            <line x1={0} x2={width} y1={at} y2={at} className={styles.grid} />
            <text x={-8} y={at + 4} textAnchor="end" className={styles.words}>
              {format.number(value, { notation: "compact" })}
            </text>
          </g>
        ))}
        {picture.seconds.map(({ at, value }) => (
          <g key={`seconds ${value}`}>
            <line x1={0} x2={width} y1={top + at} y2={top + at} className={styles.grid} />
            <text x={-8} y={top + at + 4} textAnchor="end" className={styles.words}>
              {duration(value)}
            </text>
          </g>
        ))}
        <text x={0} y={top - 10} className={styles.words}>
          {t("took")}
        </text>
        {picture.months.map(({ at, day }) => (
          <text
            key={at}
            x={at}
            y={top + TIME + 18}
            textAnchor={at > width - 40 ? "end" : "start"}
            className={styles.words}
          >
            {format.dateTime(day, { month: "short", day: "numeric" })}
          </text>
        ))}
        {picture.bars.map(({ x, parts, hasFailed, dot }) => (
          <g key={x}>
            {parts.map(({ layer, y, height }) => (
              <rect key={layer} x={x} y={y} width={picture.width} height={height} className={tones[layer]} />
            ))}
            {hasFailed && (
              <path d={`M${x + picture.width / 2} ${ROWS + 3} l4 8 h-8 z`} className={tones.failed} />
            )}
            {dot !== null && (
              <circle cx={x + picture.width / 2} cy={top + dot} r={2.5} className={styles.dot} />
            )}
          </g>
        ))}
      </svg>
    </div>
  );
}
