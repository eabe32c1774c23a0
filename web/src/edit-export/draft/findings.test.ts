import { expect, it } from "vitest";
import { at, distinct, elsewhere, sectionOf } from "./findings";

const found = (pointer: string | null, code = "x") => ({ pointer, code, params: {}, detail: "" });

it("places what the app says by its pointer", () => {
  expect(
    ["/mapping/properties/tier", "/schedule/cron", "/limits/max_rows", "/allow_flows"].map(sectionOf),
  ).toEqual(["mapping", "schedule", "limits", "list"]);
  expect([sectionOf("/reading/delimiter"), sectionOf(""), sectionOf(null)]).toEqual([null, null, null]);
});

it("finds what is at a field and below it", () => {
  const all = [found("/segments"), found("/segments/0"), found("/segments_more"), found(null)];
  expect(at(all, "/segments")).toEqual([found("/segments"), found("/segments/0")]);
  expect(elsewhere(all)).toEqual([found("/segments_more"), found(null)]);
});

it("says the same thing once", () => {
  expect(distinct([found("/a"), found("/a"), found("/a", "y")])).toHaveLength(2);
});
