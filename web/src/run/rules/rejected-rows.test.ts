import { expect, it } from "vitest";
import { byCount, linesOf } from "./rejected-rows";

it("reads a row a line, and passes over what is none", () => {
  const old = {
    blob: "vip/a.csv",
    row: 2,
    reason: "email_missing",
    detail: "…",
    refused_by: "export",
    fields: {},
  };
  const text = `${JSON.stringify(old)}\n\nnot JSON\n{"reason": 1}\n`;
  expect(linesOf(text)).toEqual([{ ...old, line: null, rows: null, code: null, params: {} }]);
});

it("puts the most frequent reason first", () => {
  expect(byCount({ invalid: 2, email_missing: 5, email_invalid: 2 })).toEqual([
    { reason: "email_missing", count: 5 },
    { reason: "email_invalid", count: 2 },
    { reason: "invalid", count: 2 },
  ]);
});
