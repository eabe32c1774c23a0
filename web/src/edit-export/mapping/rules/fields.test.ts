import { describe, expect, it } from "vitest";
import {
  columnEntry,
  entryOf,
  isEmpty,
  type Mapping,
  mappedColumns,
  propertiesOf,
  shortest,
  withEntry,
  withProperties,
} from "./fields";

const MAPPING: Mapping = {
  email: "EMail",
  first_name: "FirstName",
  location: { city: "City", country: { value: "Ukraine" } },
  properties: { tier: "Tier", ltv: { column: "LTV", type: "number" }, town: "City" },
};

describe("entries of a mapping", () => {
  it("are found by the key of the attribute", () => {
    expect(entryOf(MAPPING, "email")).toBe("EMail");
    expect(entryOf(MAPPING, "location.country")).toEqual({ value: "Ukraine" });
    expect(entryOf(MAPPING, "location.zip")).toBeNull();
    expect(entryOf({ email: "" }, "email")).toBeNull();
  });

  it("are set without touching the others", () => {
    expect(withEntry(MAPPING, "location.zip", "Zip").location).toEqual({ ...MAPPING.location, zip: "Zip" });
    expect(withEntry(MAPPING, "last_name", { value: "N" })).toEqual({
      ...MAPPING,
      last_name: { value: "N" },
    });
  });

  it("are taken out, and an empty location with them", () => {
    expect(withEntry({ email: "A", location: { city: "C" } }, "location.city", null)).toEqual({ email: "A" });
    expect(withEntry(MAPPING, "email", null).email).toBe("");
  });

  it("say no more than they must", () => {
    expect(shortest({ column: "A", type: null })).toBe("A");
    expect(shortest({ column: "A", type: "date", date_format: null })).toEqual({ column: "A", type: "date" });
    expect(columnEntry({ value: true })).toBeNull();
  });
});

describe("properties", () => {
  it("keep their order when one is renamed", () => {
    const own = propertiesOf(MAPPING).map((each) =>
      each.name === "tier" ? { ...each, name: "level" } : each,
    );
    expect(Object.keys(withProperties(MAPPING, own).properties ?? {})).toEqual(["level", "ltv", "town"]);
  });

  it("leave nothing behind", () => {
    expect(withProperties({ email: "A", properties: { x: "X" } }, [])).toEqual({ email: "A" });
  });
});

describe("columns that are sent", () => {
  it("are named with every attribute that takes them; constants have none", () => {
    expect([...mappedColumns(MAPPING)]).toEqual([
      ["EMail", ["email"]],
      ["FirstName", ["first_name"]],
      ["City", ["location.city", { property: "town" }]],
      ["Tier", [{ property: "tier" }]],
      ["LTV", [{ property: "ltv" }]],
    ]);
  });

  it("are none in an empty mapping", () => {
    expect(isEmpty({ email: "" })).toBe(true);
    expect(isEmpty({ email: "", properties: { source: { value: "x" } } })).toBe(false);
    expect(isEmpty(MAPPING)).toBe(false);
  });
});
