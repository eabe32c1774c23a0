import { expect, it } from "vitest";
import { emptyDraft } from "../draft/draft";
import { differences, valueText } from "./differences";

it("finds each field that differs, in mappings and limits each entry", () => {
  const mine = {
    ...emptyDraft(),
    display_name: "Mine",
    segments: ["vip", "eu"],
    mapping: { email: "EMail", first_name: null, properties: { tier: "Tier" } },
    limits: { max_rejected_share: 0.5, min_rows: 0, max_rows: 10 },
  };
  const theirs = {
    ...mine,
    display_name: "Theirs",
    mapping: { email: "EMail", properties: { tier: { column: "Tier", type: "text" as const }, ltv: "LTV" } },
    limits: { max_rejected_share: 0.5, min_rows: 0, max_rows: null },
  };
  expect(differences(mine, theirs)).toEqual([
    { pointer: "/display_name", mine: "Mine", theirs: "Theirs" },
    { pointer: "/mapping/properties/tier", mine: "Tier", theirs: { column: "Tier", type: "text" } },
    { pointer: "/mapping/properties/ltv", mine: undefined, theirs: "LTV" },
    { pointer: "/limits/max_rows", mine: 10, theirs: null },
  ]);
  expect(differences(mine, mine)).toEqual([]);
});

it.each([
  [null, null],
  ["", null],
  [["vip", "eu"], "vip, eu"],
  [{ cron: "0 6 * * *", time_zone: "Europe/Kyiv" }, "0 6 * * * · Europe/Kyiv"],
  [{ column: "LTV", type: "number", date_format: null }, "LTV · number"],
  [{ value: "CI" }, '"CI"'],
])("writes %j as %s", (value, text) => {
  expect(valueText(value)).toBe(text);
});
