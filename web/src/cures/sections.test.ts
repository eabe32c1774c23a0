import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import words from "../messages/en/words.json";
import translated from "../messages/uk/cures.json";
import { blocksOf, piecesOf, sectionsOf } from "./sections";

const operations = readFileSync(join(import.meta.dirname, "../../../docs/operations.md"), "utf8");
const sections = sectionsOf(operations);
const fingerprint = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 12);
/** Sections for whom nothing has to be done, or that are no answer to anything that the page shows. */
const UNSHOWN = ["cancelled", "slots_missed", "time_budget"];
const SHOWN = [
  ...Object.keys(words.endingReasons),
  ...Object.keys(words.waitingReasons),
  ...["no-tick-for-ten-minutes", "messages-lie-in-the-poison-queue", "exchange-a-key"],
  ...["too-many-rows-were-rejected", "a-run-is-stuck"],
].filter((name) => !UNSHOWN.includes(name));

it("finds sections by the app's words and by headings, without what the screen says already", () => {
  const found = sectionsOf(
    "# A\n\n### `one`, `two`\nDo *this*.\nOften:\n\n> A sentence.\n\n| a |\n\nThen that.\n\n## A run failed\nLook.",
  );
  expect([...found]).toEqual([
    ["one", "Do *this*.\n\nThen that."],
    ["two", "Do *this*.\n\nThen that."],
    ["a-run-failed", "Look."],
  ]);
});

it("reads paragraphs and lists, and what stands out in them", () => {
  expect(piecesOf("See [the `run`](#run), **now**.")).toEqual([
    { kind: "plain", text: "See the " },
    { kind: "code", text: "run" },
    { kind: "plain", text: ", " },
    { kind: "strong", text: "now" },
    { kind: "plain", text: "." },
  ]);
  const plain = (text: string) => [{ kind: "plain", text }];
  expect(blocksOf("One.\nTwo.\n\n1. First,\n   still.\n2. Second.\n\nSo:\n- a")).toEqual([
    { kind: "text", pieces: plain("One. Two.") },
    { kind: "list", isOrdered: true, items: [plain("First, still."), plain("Second.")] },
    { kind: "text", pieces: plain("So:") },
    { kind: "list", isOrdered: false, items: [plain("a")] },
  ]);
});

describe.each([...new Set(SHOWN)])("the cure of %s", (name) => {
  it("stands in docs/operations.md", () => {
    expect(sections.get(name)).toBeTruthy();
  });

  it("is translated as it stands there now", () => {
    const known: Record<string, { of: string; text: string }> = translated;
    expect(known[name]?.of).toBe(fingerprint(sections.get(name) ?? ""));
    expect(known[name]?.text).toMatch(/[а-яї]/);
  });
});
