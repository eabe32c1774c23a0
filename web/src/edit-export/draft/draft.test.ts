import { describe, expect, it } from "vitest";
import { copyOf, draftOf, emptyDraft, isSame, isSameValue, type ShownExport, wishOf } from "./draft";

const SHOWN: ShownExport = {
  id: "vip",
  schema: 1,
  display_name: "VIP",
  connection_id: "acme",
  list_id: "Y6nRLr",
  segments: ["vip"],
  mapping: { email: "EMail", first_name: "FirstName" },
  reading: { delimiter: ";" },
  limits: { max_rejected_share: 0.2, max_rows: 10 },
  schedule: "refresh",
  may: ["change"],
  warnings: [],
  next_runs: [],
  etag: '"1"',
  self: "/api/exports/vip",
};

describe("a draft", () => {
  it("keeps the fields that the form does not show, and sends nothing that the app only shows", () => {
    expect(wishOf(draftOf(SHOWN))).toEqual({
      display_name: "VIP",
      connection_id: "acme",
      list_id: "Y6nRLr",
      segments: ["vip"],
      mapping: { email: "EMail", first_name: "FirstName" },
      phone_region: null,
      reading: { delimiter: ";" },
      limits: { max_rejected_share: 0.2, min_rows: 0, max_rows: 10 },
      allow_flows: false,
      schedule: "refresh",
      enabled: true,
    });
  });

  it("is the same whatever the order of fields and whether null is written", () => {
    const draft = draftOf(SHOWN);
    const mapping = { phone_number: null, first_name: "FirstName", email: "EMail" };
    expect(isSame(draft, { ...draft, mapping })).toBe(true);
    expect(isSame(draft, { ...draft, mapping: { email: "EMail" } })).toBe(false);
    expect(isSame(draft, { ...draft, segments: ["vip", "eu"] })).toBe(false);
    expect(isSameValue([1, 2], [2, 1])).toBe(false);
  });

  it("of a copy has no id yet and does not run by itself", () => {
    const copy = copyOf(SHOWN, "VIP (copy)");
    expect([copy.id, copy.display_name, copy.enabled, copy.kept]).toEqual([
      "",
      "VIP (copy)",
      false,
      { reading: { delimiter: ";" } },
    ]);
  });

  it("of a broken export has empty fields", () => {
    expect(draftOf({ id: "x", may: [], self: "/api/exports/x", is_broken: true })).toEqual({
      ...emptyDraft(),
      id: "x",
    });
  });
});
