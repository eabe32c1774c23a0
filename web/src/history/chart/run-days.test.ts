import { expect, it } from "vitest";
import type { ListedRun } from "../../api/history";
import { DAYS, daysOf, firstMoment, pictureOf } from "./run-days";

const NOW = new Date(2026, 10, 28, 12);
const NONE = { read: 0, accepted: 0, unchanged: 0, duplicates: 0, rejected: 0, unconfirmed: 0 };

function runOn(day: number, tally: object, changes: object = {}): ListedRun {
  const at = new Date(2026, 10, day, 6);
  return {
    id: "r",
    status: "succeeded",
    created_at: at.toISOString(),
    started_at: at.toISOString(),
    ended_at: new Date(at.getTime() + 90_000).toISOString(),
    tally: { ...NONE, ...tally },
    ...changes,
  } as unknown as ListedRun;
}

it("has a day for each of the last ninety, today at the end", () => {
  const days = daysOf([], NOW);
  expect(days).toHaveLength(DAYS);
  expect(days[0]?.day).toEqual(firstMoment(NOW));
  expect(days.at(-1)?.day).toEqual(new Date(2026, 10, 28));
  expect(days.every(({ runs, seconds }) => runs === 0 && seconds === null)).toBe(true);
});

it("adds up the runs of a day by outcome, and takes the longest of them", () => {
  const long = runOn(
    27,
    { read: 10, accepted: 9, rejected: 1 },
    { ended_at: new Date(2026, 10, 27, 7).toISOString() },
  );
  const broken = { id: "b", export_id: "vip", is_broken: true } as unknown as ListedRun;
  const failed = runOn(27, {}, { status: "failed", started_at: null });
  const day = daysOf([runOn(27, { read: 5, accepted: 5 }), long, broken, failed], NOW).at(-2);
  expect(day).toMatchObject({ runs: 3, failed: 1, read: 15, seconds: 3600 });
  expect(day?.rows).toEqual({ accepted: 14, unchanged: 0, duplicates: 0, rejected: 1, unconfirmed: 0 });
});

it("puts the outcomes on each other, and lets few rows be seen beside many", () => {
  const days = daysOf([runOn(28, { read: 100_000, accepted: 99_999, rejected: 1 })], NOW);
  const picture = pictureOf(days, { width: 900, rowsHeight: 100, timeHeight: 40 });
  const today = picture.bars.at(-1);
  expect(today?.parts.map(({ layer }) => layer)).toEqual(["accepted", "rejected"]);
  expect(today?.parts[1]?.height).toBe(1.5);
  expect(today?.parts[1]?.y).toBeCloseTo((today?.parts[0]?.y ?? 0) - 1.5);
  expect(picture.rows.map(({ value }) => value)).toEqual([0, 50_000, 100_000]);
  expect(today?.dot).toBeCloseTo(4);
  expect(picture.bars[0]).toEqual({ x: 1.3, parts: [], hasFailed: false, dot: null });
});

it("names the first day of each month", () => {
  const { months } = pictureOf(daysOf([], NOW), { width: 900, rowsHeight: 100, timeHeight: 40 });
  expect(months.map(({ day }) => day.getMonth() + 1)).toEqual([9, 10, 11]);
});
