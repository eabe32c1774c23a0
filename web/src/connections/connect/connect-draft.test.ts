import { describe, expect, it } from "vitest";
import {
  type ConnectDraft,
  connectionId,
  emptyConnect,
  hasTyped,
  nameFault,
  reachedStep,
  stepOfPointer,
  suggestedName,
  wishOf,
} from "./connect-draft";

const filled: ConnectDraft = {
  name: "Acme_Klaviyo",
  sharedWith: "contributors",
  key: { kind: "typed", key: " pk_1 ", secret: "" },
  agreedTo: "2026-11",
  agreedBy: " Dana ",
};

it.each([
  ["Acme_Klaviyo", null],
  ["a", null],
  ["", "missing"],
  ["1st", "begin"],
  ["_x", "begin"],
  ["Моє", "letters"],
  ["Acme Klaviyo", "blank"],
  ["Acme-Klaviyo", "letters"],
  ["Acmé", "letters"],
  [`A${"b".repeat(99)}`, null],
  [`A${"b".repeat(100)}`, "long"],
])("knows what is wrong with the name %j", (name, fault) => {
  expect(nameFault(name)).toBe(fault);
});

it.each([
  ["Acme Klaviyo", "Acme_Klaviyo"],
  ["1st brand (EU)", "st_brand_EU"],
  ["Café", "Cafe"],
  ["Київ", "Kyiv"],
  ["Крамниця для дому", "Kramnytsia_dlia_domu"],
  ["字", null],
  ["Fine_name", null],
])("suggests a name for %j", (name, suggested) => {
  expect(suggestedName(name)).toBe(suggested);
});

it("makes an id that nobody has", () => {
  expect(connectionId("Acme_Klaviyo", [])).toBe("acme-klaviyo");
  expect(connectionId("Acme_Klaviyo", ["acme-klaviyo"])).toBe("acme-klaviyo-2");
});

describe("how far one can go", () => {
  it.each([
    [filled, "consent", "consent"],
    [filled, "key", "key"],
    [filled, "test", "consent"],
    [{ ...filled, name: "no good" }, "consent", "name"],
    [{ ...filled, key: { kind: "typed", key: "", secret: "" } }, "consent", "key"],
    [emptyConnect(true), "consent", "name"],
  ] as const)("%#", (draft, wanted, step) => {
    expect(reachedStep(draft, wanted)).toBe(step);
  });
});

it("knows whether something is typed", () => {
  expect(hasTyped(emptyConnect(true))).toBe(false);
  expect(hasTyped(emptyConnect(false))).toBe(false);
  expect(hasTyped({ ...emptyConnect(true), sharedWith: "contributors" })).toBe(true);
});

it("sends the name of the person only where the app does not know it", () => {
  expect(wishOf(filled, "uk", true)).toEqual({
    display_name: "Acme_Klaviyo",
    shared_with: "contributors",
    api_key: "pk_1",
    consent: { accepted: true, text: "2026-11", language: "uk", accepted_by: "Dana" },
  });
  expect(wishOf(filled, "en", false).consent).toEqual({ accepted: true, text: "2026-11", language: "en" });
});

it.each([
  ["/display_name", "name"],
  ["/api_key", "key"],
  ["/secret_name", "key"],
  ["/consent/accepted_by", "consent"],
])("leads from %s to its step", (pointer, step) => {
  expect(stepOfPointer(pointer)).toBe(step);
});
