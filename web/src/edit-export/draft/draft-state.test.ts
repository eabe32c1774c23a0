import { describe, expect, it } from "vitest";
import { emptyDraft } from "./draft";
import { type DraftAction, isDirty, isShown, nextState, startOf } from "./draft-state";

const STORED = { ...emptyDraft(), id: "vip", display_name: "VIP", list_id: "Y6nRLr" };
const BASE = { draft: STORED, etag: '"1"' };
const later = (start: ReturnType<typeof startOf>, ...actions: DraftAction[]) =>
  actions.reduce(nextState, start);
const rename = (display_name: string): DraftAction => ({ kind: "change", change: { display_name } });

describe("the id of a new export", () => {
  const fresh = startOf(emptyDraft(), null);

  it("follows the name until somebody types one, and again when it is emptied", () => {
    expect(later(fresh, rename("VIP list")).draft.id).toBe("vip-list");
    const typed = later(fresh, rename("VIP"), { kind: "id", id: "mine" }, rename("Other"));
    expect(typed.draft.id).toBe("mine");
    expect(later(typed, { kind: "id", id: "" }).draft.id).toBe("other");
  });

  it("of a stored export does not follow the name", () => {
    expect(later(startOf(STORED, BASE), rename("Other")).draft.id).toBe("vip");
  });
});

describe("a form", () => {
  it("is dirty until it is saved, and not when a change was taken back", () => {
    const start = startOf(STORED, BASE);
    expect(isDirty(start)).toBe(false);
    const changed = later(start, rename("Other"));
    expect(isDirty(changed)).toBe(true);
    expect(isDirty(later(changed, rename("VIP")))).toBe(false);
    const base = { draft: changed.draft, etag: '"2"' };
    expect(isDirty(later(changed, { kind: "saved", base }))).toBe(false);
  });

  it("after a conflict has theirs, or keeps mine over their version", () => {
    const mine = later(startOf(STORED, BASE), rename("Mine"));
    const theirs = { draft: { ...STORED, display_name: "Theirs" }, etag: '"2"' };
    const taken = later(mine, { kind: "takeTheirs", base: theirs });
    expect([taken.draft.display_name, isDirty(taken), taken.version]).toEqual(["Theirs", false, 1]);
    const kept = later(mine, { kind: "keepMine", base: theirs });
    expect([kept.draft.display_name, isDirty(kept), kept.base?.etag]).toEqual(["Mine", true, '"2"']);
  });

  it("shows problems of a new export only where one was, or after one wanted to save", () => {
    const start = startOf(emptyDraft(), null);
    expect(isShown(start, "/list_id")).toBe(false);
    expect(isShown(later(start, { kind: "change", change: { list_id: "x" } }), "/list_id")).toBe(true);
    expect(isShown(later(start, { kind: "change", change: { list_id: "" } }), "/list_id")).toBe(false);
    expect(isShown(later(start, { kind: "tried" }), "/mapping/email")).toBe(true);
    expect(isShown(startOf(STORED, BASE), "/list_id")).toBe(true);
  });
});
