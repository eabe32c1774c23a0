/** The runs of an export over many days: what became of their rows each day, and where the picture has it. */
import { isRead, type ListedRun, type ReadRun } from "../../api/history";
import { multiples, stepOf } from "../../run/rules/chart";

export const DAYS = 90;
/** The outcomes as they lie on each other, the lowest first. */
export const LAYERS = ["accepted", "unchanged", "duplicates", "rejected", "unconfirmed"] as const;
export type Layer = (typeof LAYERS)[number];

/** One day in the viewer's zone: its runs, their rows by outcome, the longest run in seconds, and those that failed. */
export type RunDay = {
  day: Date;
  runs: number;
  failed: number;
  read: number;
  rows: Readonly<Record<Layer, number>>;
  seconds: number | null;
};

/** Return the last `DAYS` days up to *now*, the oldest first, with what *runs* did on each. */
export function daysOf(runs: readonly ListedRun[], now: Date): RunDay[] {
  const byDay = new Map<number, ReadRun[]>();
  for (const run of runs.filter(isRead)) {
    const day = startOfDay(new Date(run.created_at), 0).getTime();
    byDay.set(day, [...(byDay.get(day) ?? []), run]);
  }
  return Array.from({ length: DAYS }, (_, index) => {
    const day = startOfDay(now, index - DAYS + 1);
    return dayOf(day, byDay.get(day.getTime()) ?? []);
  });
}

/** Return the first moment of the first of the days that are shown at *now*. */
export function firstMoment(now: Date): Date {
  return startOfDay(now, 1 - DAYS);
}

function dayOf(day: Date, runs: readonly ReadRun[]): RunDay {
  const sum = (name: Layer | "read") => runs.reduce((all, { tally }) => all + tally[name], 0);
  const lengths = runs.flatMap(({ started_at, ended_at }) =>
    started_at && ended_at ? [(Date.parse(ended_at) - Date.parse(started_at)) / 1000] : [],
  );
  return {
    day,
    runs: runs.length,
    failed: runs.filter(({ status }) => status === "failed").length,
    read: sum("read"),
    rows: {
      accepted: sum("accepted"),
      unchanged: sum("unchanged"),
      duplicates: sum("duplicates"),
      rejected: sum("rejected"),
      unconfirmed: sum("unconfirmed"),
    },
    seconds: lengths.length > 0 ? Math.max(0, ...lengths) : null,
  };
}

function startOfDay(time: Date, later: number): Date {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate() + later);
}

export type Part = { layer: Layer; y: number; height: number };
export type Bar = { x: number; parts: Part[]; hasFailed: boolean; dot: number | null };
export type Picture = {
  bars: Bar[];
  /** How wide a bar is. */
  width: number;
  rows: { at: number; value: number }[];
  seconds: { at: number; value: number }[];
  months: { at: number; day: Date }[];
};
export type Boxes = { width: number; rowsHeight: number; timeHeight: number };

/** What is there must be seen: a layer has at least so many units of height. */
const LEAST = 1.5;
const TICKS = 3;
const GAP = 0.25;

/** Return where bars, layers, dots and labels stand; times count from the top of a box of their own. */
export function pictureOf(days: readonly RunDay[], { width, rowsHeight, timeHeight }: Boxes): Picture {
  const slot = width / Math.max(1, days.length);
  const most = Math.max(1, ...days.map(({ read }) => read));
  const longest = Math.max(1, ...days.map(({ seconds }) => seconds ?? 0));
  const rowStep = stepOf(most / TICKS);
  const timeStep = stepOf(longest / 2);
  const top = Math.ceil(most / rowStep) * rowStep;
  const end = Math.ceil(longest / timeStep) * timeStep;
  return {
    width: rounded(slot * (1 - GAP)),
    bars: days.map((each, index) => ({
      x: rounded(index * slot + (slot * GAP) / 2),
      parts: partsOf(each, (rows) => (rows / top) * rowsHeight, rowsHeight),
      hasFailed: each.failed > 0,
      dot: each.seconds === null ? null : rounded(timeHeight - (each.seconds / end) * timeHeight),
    })),
    rows: multiples(rowStep, top).map((value) => ({
      value,
      at: rounded(rowsHeight - (value / top) * rowsHeight),
    })),
    seconds: multiples(timeStep, end).map((value) => ({
      value,
      at: rounded(timeHeight - (value / end) * timeHeight),
    })),
    months: days.flatMap(({ day }, index) =>
      day.getDate() === 1 ? [{ at: rounded(index * slot), day }] : [],
    ),
  };
}

function partsOf({ rows }: RunDay, scaled: (rows: number) => number, bottom: number): Part[] {
  const parts: Part[] = [];
  let y = bottom;
  for (const layer of LAYERS) {
    if (rows[layer] === 0) continue;
    const height = rounded(Math.max(LEAST, scaled(rows[layer])));
    y = rounded(y - height);
    parts.push({ layer, y, height });
  }
  return parts;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
