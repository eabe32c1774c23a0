import { expect, it } from "vitest";
import type { SegmentFolder } from "../../api/segments";
import { matching, movedUp, sizeOf, toggled } from "./segment-choices";

const folder = (name: string): SegmentFolder => ({
  name,
  files: 1,
  bytes: 10,
  last_modified: "2026-11-28T06:00:00Z",
  formats: [".csv"],
  unreadable: 0,
  passed_over: 0,
  archived: 0,
  has_subfolders: false,
  layout: "flat",
  state: null,
  types: {},
  columns: null,
  problem: null,
  dialects: [],
  warnings: [],
});
const FOLDERS = ["eu/lapsed", "Vip", "vip"].map(folder);

it("finds folders by a part of the name, and shows what was chosen and is not there", () => {
  expect(matching(FOLDERS, "VIP", []).map((each) => each.name)).toEqual(["Vip", "vip"]);
  expect(matching(FOLDERS, "", ["vip", "gone"]).map((each) => [each.name, each.folder !== null])).toEqual([
    ["gone", false],
    ["eu/lapsed", true],
    ["Vip", true],
    ["vip", true],
  ]);
});

it("keeps the order in which segments were chosen, and changes it on request", () => {
  expect(toggled(["a", "b"], "c")).toEqual(["a", "b", "c"]);
  expect(toggled(["a", "b", "c"], "b")).toEqual(["a", "c"]);
  expect(movedUp(["a", "b", "c"], 2)).toEqual(["a", "c", "b"]);
  expect(movedUp(["a", "b"], 0)).toEqual(["a", "b"]);
});

it.each([
  [0, 0, "byte"],
  [999, 999, "byte"],
  [1000, 1, "kilobyte"],
  [1_300_855, 1.300855, "megabyte"],
  [2e15, 2000, "terabyte"],
])("says that %i bytes are %f %s", (bytes, value, unit) => {
  expect(sizeOf(bytes)).toEqual({ value, unit });
});
