import { expect, it } from "vitest";
import { knownZone, matchingZones } from "./zone-choices";

const ZONES = ["America/New_York", "Europe/Berlin", "Europe/Kyiv", "UTC"];

it("finds zones by a part of the name, with those first that are likely", () => {
  expect(matchingZones(ZONES, "", ["Europe/Kyiv", "UTC"])).toEqual([
    "Europe/Kyiv",
    "UTC",
    "America/New_York",
    "Europe/Berlin",
  ]);
  expect(matchingZones(ZONES, "new york", [])).toEqual(["America/New_York"]);
  expect(matchingZones(ZONES, "KYIV", [])).toEqual(["Europe/Kyiv"]);
});

it("shows times in another zone where the browser does not know one", () => {
  expect([knownZone("Europe/Kyiv", "UTC"), knownZone("Mars/Olympus", "UTC")]).toEqual(["Europe/Kyiv", "UTC"]);
});
