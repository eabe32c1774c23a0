import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createTranslator } from "use-intl";
import { describe, expect, it } from "vitest";
import { LOCALES } from ".";

const folder = join(import.meta.dirname);
const names = readdirSync(join(folder, "en")).filter((name) => name.endsWith(".json"));

function texts(language: string, name: string): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (value: unknown, path: string): void => {
    if (typeof value === "string") found.set(path, value);
    else for (const [key, each] of Object.entries(value as object)) walk(each, path ? `${path}.${key}` : key);
  };
  walk(JSON.parse(readFileSync(join(folder, language, name), "utf8")), "");
  return found;
}

/** A value or a tag; the word in `one {stays}` is a text of its own. */
const VALUE = /(?<!\b(?:zero|one|two|few|many|other|element)\s+)\{\s*([a-z]\w*)\s*[,}]|<([a-z]\w*)>/gi;

/** The names of the values in *text*: `{rows}`, `{count, plural, …}`, and `<tag>`. */
function placeholders(text: string): string[] {
  return [...new Set([...text.matchAll(VALUE)].map((match) => match[1] ?? `<${match[2]}>`))].sort();
}

describe.each(names)("%s", (name) => {
  it("has the same keys in both languages", () => {
    expect([...texts("uk", name).keys()].sort()).toEqual([...texts("en", name).keys()].sort());
  });

  it("has the same values in both languages", () => {
    const uk = texts("uk", name);
    for (const [key, text] of texts("en", name)) {
      expect([key, placeholders(uk.get(key) ?? "")]).toEqual([key, placeholders(text)]);
    }
  });

  it.each(LOCALES)("can be read as messages: %s", (locale) => {
    for (const [key, text] of texts(locale, name)) {
      const values = Object.fromEntries(
        placeholders(text).map((each) => [each.replace(/[<>]/g, ""), each.startsWith("<") ? () => "x" : 1]),
      );
      const t = createTranslator({
        locale,
        messages: { text } as never,
        onError: (error) => {
          throw new Error(`${key}: ${error.message}`);
        },
      }) as unknown as { markup: (key: string, values: object) => string };
      expect(t.markup("text", values)).not.toBe("");
    }
  });
});
