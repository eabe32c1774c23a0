import { expect, it } from "vitest";
import { lastMonths, readAuditSearch } from "./audit-search";

it("reads a month and a subject, and nothing about anybody", () => {
  const whole = { month: "2026-11", subject: "exports/vip/runs/20261128t060000z-2056f3a" };
  expect(readAuditSearch({ ...whole, by: "dana@example.com" })).toEqual(whole);
  expect(readAuditSearch({ month: "2026-13", subject: "dana@example.com" })).toEqual({});
});

it("counts months back over the turn of a year", () => {
  expect(lastMonths(new Date("2027-01-31T23:00:00Z"), 3)).toEqual(["2027-01", "2026-12", "2026-11"]);
});
