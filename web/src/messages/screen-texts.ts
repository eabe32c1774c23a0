/** The texts that are loaded with a screen, and not with the first one: a file each of both languages. */
import type { Locale, Messages, Translated } from ".";
import type first from "./en/first";

export type ScreenText = Exclude<keyof Messages, keyof typeof first>;
export type ScreenTexts = Partial<{ [N in ScreenText]: Translated<Messages[N]> }>;

type Loaders = { [N in ScreenText]: () => Promise<{ default: Translated<Messages[N]> }> };

const LOADERS: Readonly<Record<Locale, Loaders>> = {
  en: {
    about: () => import("./en/about.json"),
    audit: () => import("./en/audit.json"),
    connect: () => import("./en/connect.json"),
    connections: () => import("./en/connections.json"),
    editExport: () => import("./en/edit-export.json"),
    history: () => import("./en/history.json"),
    mapping: () => import("./en/mapping.json"),
    preview: () => import("./en/preview.json"),
    rows: () => import("./en/rows.json"),
    run: () => import("./en/run.json"),
  },
  uk: {
    about: () => import("./uk/about.json"),
    audit: () => import("./uk/audit.json"),
    connect: () => import("./uk/connect.json"),
    connections: () => import("./uk/connections.json"),
    editExport: () => import("./uk/edit-export.json"),
    history: () => import("./uk/history.json"),
    mapping: () => import("./uk/mapping.json"),
    preview: () => import("./uk/preview.json"),
    rows: () => import("./uk/rows.json"),
    run: () => import("./uk/run.json"),
  },
};

export async function loadScreenTexts(locale: Locale, names: readonly ScreenText[]): Promise<ScreenTexts> {
  const loaders = LOADERS[locale];
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, (await loaders[name]()).default])),
  );
}
