import { useFormatter, useTranslations } from "use-intl";
import { useDuration } from "../../parts/duration";
import { ScrollTable } from "../../parts/rows/ScrollTable";
import { LAYERS, type RunDay } from "./run-days";

/** What the picture shows, day by day, the newest first; days without a run are left out. */
export function DaysTable({ days }: { days: readonly RunDay[] }) {
  const t = useTranslations("history.chart");
  const format = useFormatter();
  const duration = useDuration();
  const heads = [
    t("day"),
    t("runs"),
    t("failedRuns"),
    t("read"),
    ...LAYERS.map((layer) => t(`outcomes.${layer}`)),
    t("took"),
  ];
  return (
    <ScrollTable label={t("table")} heads={heads}>
      <tbody>
        {days
          .filter(({ runs }) => runs > 0)
          .reverse()
          .map(({ day, runs, failed, read, rows, seconds }) => (
            <tr key={day.getTime()}>
              <td>{format.dateTime(day, { dateStyle: "medium" })}</td>
              {[runs, failed, read, ...LAYERS.map((layer) => rows[layer])].map((value, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: each number has its column
                <td key={index}>{format.number(value)}</td>
              ))}
              <td>{seconds === null ? "–" : duration(seconds)}</td>
            </tr>
          ))}
      </tbody>
    </ScrollTable>
  );
}
