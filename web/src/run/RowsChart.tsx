import { Link, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useId, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import type { Run } from "../api/runs";
import { useDuration } from "../parts/duration";
import { ScrollTable } from "../parts/rows/ScrollTable";
import { useWidth } from "../parts/use-width";
import { chartOf, thinned } from "./rules/chart";
import { sendingOf } from "./rules/run-facts";

const useStyles = makeStyles({
  frame: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalS, minWidth: 0 },
  picture: { display: "block", width: "100%", height: "auto", overflowX: "visible", overflowY: "visible" },
  area: { fill: tokens.colorBrandBackground2 },
  line: { fill: "none", stroke: tokens.colorBrandStroke1, strokeWidth: "2px", strokeLinejoin: "round" },
  last: { fill: tokens.colorBrandStroke1 },
  grid: { stroke: tokens.colorNeutralStroke2, strokeWidth: "1px" },
  words: { fill: tokens.colorNeutralForeground3, fontSize: "12px" },
  slowed: { fill: tokens.colorStatusWarningForeground3 },
  legend: { color: tokens.colorNeutralForeground3 },
  sign: { color: tokens.colorStatusWarningForeground3 },
  foot: {
    display: "flex",
    flexWrap: "wrap",
    justifyContent: "space-between",
    gap: tokens.spacingHorizontalM,
  },
});

const HEIGHT = 180;
const MARGIN = { left: 56, right: 12, top: 12, bottom: 30 };
const TABLE_LINES = 30;

/** The rows over time as a line, with the moments at which Klaviyo asked to slow down; its table says the same. */
export function RowsChart({ run }: { run: Run }) {
  const t = useTranslations("run.chart");
  const format = useFormatter();
  const duration = useDuration();
  const styles = useStyles();
  const id = useId();
  const [isTable, setTable] = useState(false);
  const sending = sendingOf(run);
  const [frame, whole] = useWidth();
  const width = Math.max(120, whole - MARGIN.left - MARGIN.right);
  const chart = chartOf(sending, { width, height: HEIGHT });
  const last = sending.at(-1);
  if (!chart || !last)
    return (
      <div ref={frame}>
        <Text className={styles.legend}>{t("tooEarly")}</Text>
      </div>
    );
  const seconds = chart.seconds.map((tick) => ({ ...tick, text: duration(tick.value) }));
  return (
    <div ref={frame} className={styles.frame}>
      <svg
        className={styles.picture}
        viewBox={`${-MARGIN.left} ${-MARGIN.top} ${width + MARGIN.left + MARGIN.right} ${HEIGHT + MARGIN.top + MARGIN.bottom}`}
        role="img"
        aria-labelledby={`${id}-title ${id}-desc`}
      >
        <title id={`${id}-title`}>{t("title")}</title>
        <desc id={`${id}-desc`}>{t("desc", { rows: last.row, slowed: chart.slowed.length })}</desc>
        <path d={chart.area} className={styles.area} />
        {chart.rows.map(({ at, value }) => (
          <g key={value}>
            <line x1={0} x2={width} y1={at} y2={at} className={styles.grid} />
            <text x={-8} y={at + 4} textAnchor="end" className={styles.words}>
              {format.number(value, { notation: "compact" })}
            </text>
          </g>
        ))}
        {seconds.map(({ at, value, text }) => (
          <text
            key={value}
            x={at}
            y={HEIGHT + 22}
            textAnchor={at > width - 30 ? "end" : at === 0 ? "start" : "middle"}
            className={styles.words}
          >
            {text}
          </text>
        ))}
        <path d={chart.line} className={styles.line} />
        {chart.slowed.map((x) => (
          <path key={x} d={`M${x} ${HEIGHT - 9} l5 9 h-10 z`} className={styles.slowed} />
        ))}
        <circle cx={chart.last.x} cy={chart.last.y} r={4} className={styles.last} />
      </svg>
      <div className={styles.foot}>
        <Text size={200} className={styles.legend}>
          {chart.slowed.length > 0 && (
            <>
              <span aria-hidden className={styles.sign}>
                ▲
              </span>{" "}
              {t("slowed")}
            </>
          )}
        </Text>
        <Link as="button" type="button" aria-expanded={isTable} onClick={() => setTable(!isTable)}>
          {t(isTable ? "hideTable" : "showTable")}
        </Link>
      </div>
      {isTable && <SamplesTable samples={run.samples} />}
    </div>
  );
}

function SamplesTable({ samples }: { samples: Run["samples"] }) {
  const t = useTranslations("run.chart");
  const format = useFormatter();
  const heads = [t("time"), t("rows"), t("jobs"), t("requests"), t("throttled")];
  return (
    <ScrollTable label={t("table")} heads={heads}>
      <tbody>
        {thinned(samples, TABLE_LINES).map(({ at, row, jobs_ended, requests, throttled }) => (
          <tr key={at}>
            <td>{format.dateTime(new Date(at), { timeStyle: "medium" })}</td>
            {[row, jobs_ended, requests, throttled].map((value, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: each number has its column
              <td key={index}>{format.number(value)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
