import { expect, it } from "vitest";
import { type PlacedProblem, propertyPointer, sortProblems } from "./problems";

const at = (pointer: string | null, code = "x"): PlacedProblem => ({ code, params: {}, detail: "", pointer });
const MAPPING = { email: "EMail", properties: { "a/b": "A", tier: "Tier" } };

it("sorts problems to their fields, deeper pointers included", () => {
  const sorted = sortProblems(
    [
      at("/mapping/email"),
      at("/mapping/properties/tier/date_format"),
      at("/mapping/location/city"),
      at("/phone_region"),
    ],
    MAPPING,
  );
  expect(sorted.at("/mapping/email")).toHaveLength(1);
  expect(sorted.at(propertyPointer("tier"))).toHaveLength(1);
  expect(sorted.at("/mapping/location/city")).toHaveLength(1);
  expect(sorted.at("/phone_region")).toHaveLength(1);
  expect(sorted.others).toEqual([]);
});

it("finds properties whose names have a slash", () => {
  expect(propertyPointer("a/b~")).toBe("/mapping/properties/a~1b~0");
  expect(sortProblems([at("/mapping/properties/a~1b")], MAPPING).at(propertyPointer("a/b"))).toHaveLength(1);
});

it("keeps what has no field of its own, and passes over other parts of the export", () => {
  const sorted = sortProblems(
    [at("/mapping"), at("/mapping/properties/gone"), at("/segments/0"), at(null), at("/mappings")],
    MAPPING,
  );
  expect(sorted.others.map(({ pointer }) => pointer)).toEqual(["/mapping", "/mapping/properties/gone"]);
});
