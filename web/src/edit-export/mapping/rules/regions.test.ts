import { expect, it } from "vitest";
import { regionsIn, searchRegions } from "./regions";

it("names regions in the language of the reader", () => {
  expect(regionsIn("uk").find(({ code }) => code === "UA")?.name).toBe("Україна");
  expect(regionsIn("en").find(({ code }) => code === "DE")?.name).toBe("Germany");
});

it("finds regions by code or name, the beginning first", () => {
  const regions = regionsIn("en");
  expect(searchRegions(regions, "ua")[0]?.name).toBe("Ukraine");
  expect(searchRegions(regions, "ukr")[0]?.code).toBe("UA");
  expect(searchRegions(regions, "germ")[0]?.code).toBe("DE");
  expect(searchRegions(regions, "")).toHaveLength(regions.length);
  expect(searchRegions(regions, "xyz")).toEqual([]);
});
