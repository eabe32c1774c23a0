import { describe, expect, it } from "vitest";
import { Problem } from "../../api/problem";
import { flat, shownValue } from "../../parts/rows/shown-values";
import type { PlacedProblem } from "../mapping/rules/problems";
import { type Draft, durationOf, fieldsOf, placedErrors, stillTrue } from "./preview-rules";

const DRAFT: Draft = {
  display_name: "VIP",
  connection_id: "acme",
  list_id: null,
  segments: ["vip", "eu"],
  mapping: { email: "EMail", properties: { "a/b": "A" } },
  allow_flows: false,
  enabled: true,
};
const at = (pointer: string | null): PlacedProblem => ({ code: "x", params: {}, detail: "", pointer });

describe("rows of a preview", () => {
  const rows = [
    { email: "a@example.com", properties: { tier: "gold" } },
    { email: "b@example.com", location: { city: "Kyiv" }, first_name: "Ann", properties: { ltv: 12.5 } },
  ];

  it("have Klaviyo's attributes first, then properties", () => {
    expect(fieldsOf(rows)).toEqual([
      "email",
      "first_name",
      "location.city",
      "properties.tier",
      "properties.ltv",
    ]);
  });

  it("show values as they would be sent", () => {
    expect(flat(rows[1] ?? {})["location.city"]).toBe("Kyiv");
    expect([
      shownValue("a"),
      shownValue(12.5),
      shownValue(false),
      shownValue(["x"]),
      shownValue(undefined),
    ]).toEqual(["a", "12.5", "false", '["x"]', ""]);
  });
});

describe("problems of a preview", () => {
  it("hold while their field is as it was", () => {
    const problems = [at("/mapping/email"), at("/mapping/properties/a~1b"), at("/segments/1"), at(null)];
    const changed: Draft = { ...DRAFT, mapping: { ...DRAFT.mapping, email: "Mail" }, display_name: "New" };
    expect(stillTrue(problems, DRAFT, changed).map(({ pointer }) => pointer)).toEqual([
      "/mapping/properties/a~1b",
      "/segments/1",
    ]);
  });

  it("name fields of the export, not of the call", () => {
    const error = { pointer: "/export/mapping/email", code: "text_missing", params: {}, detail: "" };
    const problem = new Problem(400, { code: "export_invalid", params: {}, detail: "" }, [error]);
    expect(placedErrors(problem).map(({ pointer }) => pointer)).toEqual(["/mapping/email"]);
  });
});

it("says how long a run takes in a unit that people use", () => {
  expect(durationOf(null)).toEqual({ unit: "unknown" });
  expect(durationOf(0)).toEqual({ unit: "atOnce" });
  expect(durationOf(9.2)).toEqual({ unit: "seconds", count: 10 });
  expect(durationOf(90)).toEqual({ unit: "minutes", count: 2 });
  expect(durationOf(90 * 60)).toEqual({ unit: "hours", count: 2 });
});
