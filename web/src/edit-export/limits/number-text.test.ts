import { expect, it } from "vitest";
import { percentOf, shareFrom, wholeFrom } from "./number-text";

it.each([
  ["1000000", 1_000_000],
  ["1 000 000", 1_000_000],
  ["1,000", 1000],
  ["0", 0],
  ["", null],
  ["-5", null],
  ["many", null],
])("reads %j as %j rows", (text, rows) => {
  expect(wholeFrom(text)).toBe(rows);
});

it.each([
  ["50", 0.5],
  ["12,5", 0.125],
  ["0.1 %", 0.001],
  ["7.", 0.07],
  ["", null],
  ["half", null],
])("reads %j per cent as a share of %j", (text, share) => {
  expect(shareFrom(text)).toBe(share);
});

it("writes a share as it was typed", () => {
  expect([0.5, 0.07, 0.125, 0.001, 1].map(percentOf)).toEqual([50, 7, 12.5, 0.1, 100]);
});
