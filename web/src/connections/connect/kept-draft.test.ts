// @vitest-environment jsdom
import { beforeEach, expect, it } from "vitest";
import { type ConnectDraft, emptyConnect } from "./connect-draft";
import { forgetDraft, keepDraft, keptDraft } from "./kept-draft";

const DRAFT: ConnectDraft = {
  name: "Acme_Klaviyo",
  sharedWith: "contributors",
  key: { kind: "typed", key: "pk_very_secret", secret: "" },
  agreedTo: "2026-11",
  agreedBy: "Dana",
};
const stored = () => JSON.stringify({ ...sessionStorage });

beforeEach(() => sessionStorage.clear());

it("has what was typed after a reload, but neither the key nor the consent", () => {
  keepDraft(DRAFT);
  expect(stored()).not.toContain("pk_very");
  expect(keptDraft(true)).toEqual({
    draft: { ...DRAFT, key: { kind: "typed", key: "", secret: "" }, agreedTo: null },
    hadKey: true,
  });
});

it("keeps the name of a secret, unless it may be a key", () => {
  keepDraft({ ...DRAFT, key: { kind: "secret", key: "", secret: "klaviyo-acme" } });
  expect(keptDraft(false).draft.key).toEqual({ kind: "secret", key: "", secret: "klaviyo-acme" });
  keepDraft({ ...DRAFT, key: { kind: "secret", key: "", secret: "pk_very_secret" } });
  expect(stored()).not.toContain("pk_very");
  expect(keptDraft(false).draft.key.secret).toBe("");
});

it("begins empty where nothing was typed, all was forgotten, or something else is there", () => {
  const empty = { draft: emptyConnect(true), hadKey: false };
  keepDraft(DRAFT);
  keepDraft(emptyConnect(true));
  expect([keptDraft(true), sessionStorage.length]).toEqual([empty, 0]);
  keepDraft(DRAFT);
  forgetDraft();
  expect(keptDraft(true)).toEqual(empty);
  sessionStorage.setItem("segment-export-new-connection", '{"name": 1}');
  expect(keptDraft(true)).toEqual(empty);
});
