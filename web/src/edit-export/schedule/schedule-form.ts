/** A schedule as the form shows it: in words where it can be said in words, else as a cron expression. */
import type { Schedule } from "../draft/draft";

export const KINDS = [
  "demand",
  "refresh",
  "newData",
  "daily",
  "weekly",
  "monthly",
  "hourly",
  "cron",
] as const;
export type Kind = (typeof KINDS)[number];

/** `time` is `06:00`; `days` are 0 (Sunday) to 6; `day` of the month is 1 to 31. */
export type ScheduleForm = {
  kind: Kind;
  time: string;
  minute: number;
  days: readonly number[];
  day: number;
  cron: string;
  zone: string;
};

const DAY_NAMES = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** Tell whether an export of this *kind* runs at times of its own. */
export function isTimed<K extends Kind>(kind: K): kind is Exclude<K, "demand" | "refresh" | "newData"> {
  return kind !== "demand" && kind !== "refresh" && kind !== "newData";
}

/** Return the form of *schedule*; *zone* is the time zone of a schedule that has none yet. */
export function formOf(schedule: Schedule, zone: string): ScheduleForm {
  const blank: ScheduleForm = {
    kind: "demand",
    time: "06:00",
    minute: 0,
    days: [1],
    day: 1,
    cron: "0 6 * * *",
    zone,
  };
  if (schedule === null) return blank;
  if (schedule === "refresh") return { ...blank, kind: "refresh" };
  if ("on" in schedule) return { ...blank, kind: "newData" };
  const timed = { ...blank, cron: schedule.cron, zone: schedule.time_zone || "UTC" };
  return { ...timed, ...inWords(schedule.cron) };
}

/** Return the schedule that *form* says. */
export function scheduleOf(form: ScheduleForm): Schedule {
  if (form.kind === "demand") return null;
  if (form.kind === "refresh") return "refresh";
  if (form.kind === "newData") return { on: "new_data" };
  return { cron: cronOf(form), time_zone: form.zone };
}

/** Return the cron expression that *form* says. */
export function cronOf(form: ScheduleForm): string {
  const [hour = 0, minute = 0] = form.time.split(":").map(Number);
  switch (form.kind) {
    case "daily":
      return `${minute} ${hour} * * *`;
    case "weekly":
      return `${minute} ${hour} * * ${[...form.days].sort().join(",") || "1"}`;
    case "monthly":
      return `${minute} ${hour} ${form.day} * *`;
    case "hourly":
      return `${form.minute} * * * *`;
    default:
      return form.cron.trim().replace(/\s+/g, " ");
  }
}

/** Return what *cron* says in words, or that it can only be shown as it is. */
function inWords(cron: string): Partial<ScheduleForm> & { kind: Kind } {
  const [minute = "", hour = "", day = "", month = "", weekday = "", ...more] = cron.trim().split(/\s+/);
  const [at, clock] = [whole(minute, 0, 59), whole(hour, 0, 23)];
  if (at === null || month !== "*" || more.length > 0) return { kind: "cron" };
  if (hour === "*" && day === "*" && weekday === "*") return { kind: "hourly", minute: at };
  if (clock === null) return { kind: "cron" };
  const time = `${String(clock).padStart(2, "0")}:${String(at).padStart(2, "0")}`;
  if (day === "*" && weekday === "*") return { kind: "daily", time };
  const [days, date] = [weekdays(weekday), whole(day, 1, 31)];
  if (day === "*" && days) return { kind: "weekly", time, days };
  if (weekday === "*" && date !== null) return { kind: "monthly", time, day: date };
  return { kind: "cron" };
}

function whole(text: string, least: number, most: number): number | null {
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : null;
}

/** Return the days that *text* names, such as `MON-FRI` or `1,3,7`; null where it says something else. */
function weekdays(text: string): number[] | null {
  const found = new Set<number>();
  for (const part of text.split(",")) {
    const [first, last = first, ...more] = part.split("-").map(weekday);
    if (first === undefined || last === undefined || first === null || last === null) return null;
    if (more.length > 0 || first > last) return null;
    for (let day = first; day <= last; day++) found.add(day % 7);
  }
  return [...found].sort();
}

function weekday(text: string): number | null {
  const named = DAY_NAMES.indexOf(text.toUpperCase());
  return named >= 0 ? named : whole(text, 0, 7);
}
