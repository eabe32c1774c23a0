import { useTranslations } from "use-intl";
import type { ReadableExport } from "../api/exports";
import { formOf } from "../edit-export/schedule/schedule-form";
import { useDayName } from "../edit-export/schedule/schedule-text";

/** When an export runs, in words and in the time zone of its schedule, such as `Every day at 06:00 (Europe/Kyiv)`. */
export function ScheduleWords({ schedule }: { schedule: NonNullable<ReadableExport["schedule"]> }) {
  const t = useTranslations("exports.schedule");
  const dayName = useDayName();
  const { kind, time, days, day, cron, zone } = formOf(schedule, "UTC");
  if (kind === "demand" || kind === "newData") return null;
  const names = days.map((each) => dayName(each, "short")).join(", ");
  return <>{t(kind, { time, days: names, day, cron, zone })}</>;
}
