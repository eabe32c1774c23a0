/**
 * The texts of the page. `en` says which keys there are; a key that is missing in `uk` breaks the build.
 *
 * Each screen has its own file in each language; `sentences.json` has the app's sentences by their code.
 * What the first screen and all screens need is loaded here; `screen-texts.ts` has the texts of the other screens.
 */
import type en from "./en";
import type first from "./en/first";

export type Locale = "en" | "uk";
export type Messages = typeof en;
/** The same keys as *M*, with any text. */
export type Translated<M> = { [K in keyof M]: M[K] extends string ? string : Translated<M[K]> };

export const LOCALES: readonly Locale[] = ["en", "uk"];
export const LOCALE_NAMES: Readonly<Record<Locale, string>> = { en: "English", uk: "Українська" };

type Labels = Readonly<Record<string, string>>;
/** The app's sentences by code, and what becomes of the app's words in them. */
export type Sentences = {
  templates: Labels;
  /** Phrases that the app writes in English, in the language of the page; empty for English. */
  phrases: Labels;
  words: Readonly<Record<"noteReasons" | "noteCures" | "rejectionReasons" | "fields" | "statuses", Labels>>;
};

/** The texts that the first screen and all screens need. */
export type First = Translated<typeof first>;
/** What is loaded for a language at first: the texts of the first screen, and the app's sentences. */
export type Loaded = { messages: First; sentences: Sentences };

const LOADERS: Readonly<Record<Locale, () => Promise<{ loaded: Loaded }>>> = {
  en: () => import("./load-en"),
  uk: () => import("./load-uk"),
};

/** Return the words that may stand in a sentence of the app; a field of an address is named `location.city`. */
export function sentenceWords({ words, parts }: First): Sentences["words"] {
  const { location, ...fields } = words.profileFields;
  const inLocation = Object.entries(location).map(([name, label]) => [`location.${name}`, label]);
  return {
    noteReasons: words.noteReasons,
    noteCures: words.noteCures,
    rejectionReasons: words.rejectionReasons,
    fields: { ...fields, ...Object.fromEntries(inLocation) },
    statuses: parts.status,
  };
}

export async function loadMessages(locale: Locale): Promise<Loaded> {
  return (await LOADERS[locale]()).loaded;
}

declare module "use-intl" {
  interface AppConfig {
    Locale: Locale;
    Messages: Messages;
  }
}
