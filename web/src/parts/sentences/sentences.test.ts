import { expect, it } from "vitest";
import { sentenceText } from "./sentences";

const templates: Record<string, string> = {
  too_many_rows:
    "Сегменти мають понад {rows, plural, one {# рядок} few {# рядки} many {# рядків} other {# рядка}}.",
  list_unknown: "Klaviyo не знає списку «{list}».",
};
const sentences = {
  templates,
  phrases: {},
  words: { noteReasons: {}, noteCures: {}, rejectionReasons: {}, fields: {}, statuses: {} },
};
const sentence = (code: string, params: Record<string, string | number | null> = {}) => ({
  code,
  params,
  detail: "English.",
});

it("puts the values into the sentence of the language", () => {
  expect(sentenceText(sentence("too_many_rows", { rows: 22 }), sentences, "uk")).toBe(
    "Сегменти мають понад 22 рядки.",
  );
  expect(sentenceText(sentence("list_unknown", { list: "<b>'{x}'" }), sentences, "uk")).toBe(
    "Klaviyo не знає списку «<b>'{x}'».",
  );
});

it("falls back to the app's English where the code is unknown or a value is missing", () => {
  expect(sentenceText(sentence("brand_new"), sentences, "uk")).toBe("English.");
  expect(sentenceText(sentence("list_unknown"), sentences, "uk")).toBe("English.");
  expect(sentenceText(sentence("list_unknown", { list: null }), sentences, "uk")).toBe("English.");
});
