import { expect, it } from "vitest";
import { linesOf } from "./rejected-rows";
import { matching, readRowsSearch } from "./rows-search";

it("reads the reason, and nothing else", () => {
  expect(readRowsSearch({ reason: "invalid", q: "dana@example.com" })).toEqual({ reason: "invalid" });
  expect(readRowsSearch({ reason: "x".repeat(101) })).toEqual({});
  expect(readRowsSearch({ reason: 7 })).toEqual({});
});

it("finds rows by what stands in them, in any case", () => {
  const line = (row: number, fields: object) =>
    JSON.stringify({
      blob: "vip/1.csv",
      row,
      reason: "invalid",
      detail: "It is none.",
      refused_by: "export",
      fields,
    });
  const rows = linesOf([line(1, { email: "ОЛЕНА@" }), line(2, { location: { city: "Київ" } })].join("\n"));
  const found = (typed: string) => matching(rows, typed).map(({ row }) => row);
  expect(found("")).toEqual([1, 2]);
  expect(found("олена")).toEqual([1]);
  expect(found("київ vip/1")).toEqual([2]);
  expect(found("київ олена")).toEqual([]);
});
