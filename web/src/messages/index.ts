/**
 * The texts of the page. `en` says which keys there are; a key that is missing in `uk` breaks the build.
 *
 * Each screen has its own file in each language; `sentences.json` has the app's sentences by their code.
 */
import type en from "./en";

export type Locale = "en" | "uk";
export type Messages = typeof en;
/** The same keys as *M*, with any text. */
export type Translated<M> = { [K in keyof M]: M[K] extends string ? string : Translated<M[K]> };

export const LOCALES: readonly Locale[] = ["en", "uk"];
export const LOCALE_NAMES: Readonly<Record<Locale, string>> = { en: "English", uk: "Українська" };

/** What is loaded for a language: the texts of the page, and the app's sentences by code. */
export type Loaded = { messages: Messages; sentences: Readonly<Record<string, string>> };

const LOADERS: Readonly<Record<Locale, () => Promise<{ loaded: Loaded }>>> = {
  en: () => import("./load-en"),
  uk: () => import("./load-uk"),
};

export async function loadMessages(locale: Locale): Promise<Loaded> {
  return (await LOADERS[locale]()).loaded;
}

declare module "use-intl" {
  interface AppConfig {
    Locale: Locale;
    Messages: Messages;
  }
}
