import { useFormatter, useTranslations } from "use-intl";
import type { Schedule } from "../draft/draft";
import { formOf, isTimed } from "./schedule-form";

/** A Sunday, to name the days of the week from. */
const SUNDAY = Date.UTC(2026, 10, 29, 12);
const DAY = 86_400_000;

/** Return a function that names a day of the week, 0 (Sunday) to 6. */
export function useDayName(): (day: number, length: "short" | "long") => string {
  const format = useFormatter();
  return (day, weekday) => format.dateTime(new Date(SUNDAY + day * DAY), { weekday, timeZone: "UTC" });
}

/** Return a function that says a schedule on one line, such as `Every week: Mon, Fri, 06:00, Europe/Kyiv`. */
export function useScheduleText(): (schedule: Schedule) => string {
  const t = useTranslations("editExport.schedule.kinds");
  const dayName = useDayName();
  return (schedule) => {
    const form = formOf(schedule, "UTC");
    const { kind } = form;
    const name = t(kind);
    if (!isTimed(kind)) return name;
    const when = {
      daily: [form.time],
      weekly: [...form.days.map((day) => dayName(day, "short")), form.time],
      monthly: [String(form.day), form.time],
      hourly: [`:${String(form.minute).padStart(2, "0")}`],
      cron: [form.cron],
    }[kind];
    return `${name}: ${[...when, form.zone].join(", ")}`;
  };
}
