import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { expect, it } from "vitest";
import all from "./en";
import first from "./en/first";

const source = join(import.meta.dirname, "..");
const components = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !name.includes(".test."))
  .map((name) => ({ folder: name.split(sep)[0] ?? "", code: readFileSync(join(source, name), "utf8") }));

const later = Object.keys(all).filter((name) => !(name in first));

it("has texts that the first screen does without", () => {
  expect(later).toContain("run");
});

it.each(later)("uses the texts %s on the screens of one folder, which load them", (name) => {
  const uses = components.filter(({ code }) => RegExp(`useTranslations\\(\\s*"${name}[".]`).test(code));
  const folders = new Set(uses.map(({ folder }) => folder));
  expect(folders.size).toBe(1);
  for (const folder of ["app", "parts", "exports"]) expect(folders).not.toContain(folder);
});
