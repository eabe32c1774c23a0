import { describe, expect, it } from "vitest";
import { columnsOfSegments, columnsThatStay, freeName, searchColumns, segmentsWithout } from "./columns";

const COLUMNS = columnsOfSegments([
  {
    segment: "vip",
    columns: ["EMail", "City"],
    values: { EMail: ["a@example.com"], City: ["Kyiv", "Lviv"] },
  },
  { segment: "eu", columns: ["EMail", "Tier"], values: { EMail: ["a@example.com", "b@example.com"] } },
]);

describe("columns of several segments", () => {
  it("come once each, with values and segments of all", () => {
    expect(COLUMNS).toEqual([
      { name: "EMail", values: ["a@example.com", "b@example.com"], segments: ["vip", "eu"] },
      { name: "City", values: ["Kyiv", "Lviv"], segments: ["vip"] },
      { name: "Tier", values: [], segments: ["eu"] },
    ]);
  });

  it("tell which segments lack one", () => {
    expect(segmentsWithout(COLUMNS[1], COLUMNS)).toEqual(["eu"]);
    expect(segmentsWithout(COLUMNS[0], COLUMNS)).toEqual([]);
    expect(segmentsWithout(undefined, COLUMNS)).toEqual([]);
  });

  it("are found by name first, then by value", () => {
    expect(searchColumns(COLUMNS, " TI ").map(({ name }) => name)).toEqual(["Tier"]);
    expect(searchColumns(COLUMNS, "i").map(({ name }) => name)).toEqual(["EMail", "City", "Tier"]);
    expect(searchColumns(COLUMNS, "lviv").map(({ name }) => name)).toEqual(["City"]);
    expect(searchColumns(COLUMNS, "")).toHaveLength(3);
  });

  it("stay where the mapping does not name them", () => {
    const stay = columnsThatStay(COLUMNS, {
      email: "EMail",
      properties: { x: { column: "City", type: "text" } },
    });
    expect(stay.map(({ name }) => name)).toEqual(["Tier"]);
  });
});

describe("the name of a new property", () => {
  it("is none that is taken, and none of Klaviyo's", () => {
    expect(freeName("Tier", [])).toBe("Tier");
    expect(freeName("Tier", ["Tier", "Tier 2"])).toBe("Tier 3");
    expect(freeName("$source", [])).toBe("source");
    expect(freeName("  ", [])).toBe("property");
  });
});
