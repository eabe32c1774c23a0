import { expect, it } from "vitest";
import { readHistorySearch, timesOf } from "./history-search";

it("reads what an address says, and leaves out what is none of it", () => {
  const whole = {
    export: "vip",
    status: "failed",
    trigger: "schedule",
    from: "2026-11-01",
    to: "2026-11-28",
  };
  expect(readHistorySearch(whole)).toEqual(whole);
  expect(readHistorySearch({ export: 7 })).toEqual({ export: "7" });
  const wrong = { export: "", status: "lost", trigger: "cron", from: "yesterday", to: "2026-13-45" };
  expect(readHistorySearch({ ...wrong, email: "dana@example.com" })).toEqual({});
});

it("asks from the beginning of the first day to the end of the last one, in the viewer's zone", () => {
  const { since = "", until = "" } = timesOf({ from: "2026-11-01", to: "2026-11-28" });
  expect(since).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:00Z$/);
  expect(new Date(since)).toEqual(new Date(2026, 10, 1));
  expect(new Date(until)).toEqual(new Date(2026, 10, 29));
  expect(timesOf({})).toEqual({});
});

it("ends the last day of a month with the first of the next one", () => {
  expect(new Date(timesOf({ to: "2026-12-31" }).until ?? "")).toEqual(new Date(2027, 0, 1));
});
