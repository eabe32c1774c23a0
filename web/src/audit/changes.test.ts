import { expect, it } from "vitest";
import { changesOf, valueText } from "./changes";

const BEFORE = {
  schema: 1,
  id: "vip",
  display_name: "VIP",
  segments: ["vip"],
  mapping: { email: "EMail", properties: { tier: "Tier" } },
  limits: { max_rows: null, max_rejected_share: 0.5 },
  schedule: null,
  changed_at: "2026-11-27T00:00:00Z",
};

it("names each field that differs, and entries of mappings and limits by themselves", () => {
  const after = {
    ...BEFORE,
    segments: ["vip", "eu/lapsed"],
    mapping: { email: { column: "EMail" }, properties: { points: "Points" } },
    limits: { max_rejected_share: 0.5, max_rows: 1000 },
    schedule: { cron: "0 6 * * *", time_zone: "Europe/Kyiv" },
    changed_at: "2026-11-28T00:00:00Z",
  };
  expect(changesOf(BEFORE, after)).toEqual([
    { path: ["segments"], before: ["vip"], after: ["vip", "eu/lapsed"] },
    { path: ["mapping", "email"], before: "EMail", after: { column: "EMail" } },
    { path: ["mapping", "properties", "tier"], before: "Tier", after: undefined },
    { path: ["mapping", "properties", "points"], before: undefined, after: "Points" },
    { path: ["limits", "max_rows"], before: null, after: 1000 },
    { path: ["schedule"], before: null, after: after.schedule },
  ]);
});

it("takes neither order nor what a release has added for a change", () => {
  const { schedule: _, ...older } = BEFORE;
  expect(changesOf(older, { ...BEFORE, limits: { max_rejected_share: 0.5, max_rows: null } })).toEqual([]);
});

it("shows all of a document that was made or removed", () => {
  const paths = (changes: ReturnType<typeof changesOf>) => changes.map(({ path }) => path.join("/"));
  const all = [
    "display_name",
    "segments",
    "mapping/email",
    "mapping/properties/tier",
    "limits/max_rejected_share",
  ];
  expect(paths(changesOf(null, BEFORE))).toEqual(all);
  expect(paths(changesOf(BEFORE, null))).toEqual(all);
});

it("says values in one line", () => {
  expect(valueText(["a", "b"])).toBe("a, b");
  expect(valueText({ column: "LTV", type: "number", format: null })).toBe("LTV · number");
  expect(valueText({ value: 7 })).toBe("7");
  expect([valueText(null), valueText(undefined), valueText(""), valueText([])]).toEqual([
    null,
    null,
    null,
    null,
  ]);
});
