import { createContext, use } from "react";
import { createTranslator, useLocale, useTranslations } from "use-intl";
import type { SentenceDocument } from "../../api/problem";
import type { Locale, Sentences } from "../../messages";
import { inLanguage, valuesOf } from "./sentence-values";

const NONE: Sentences = {
  templates: {},
  phrases: {},
  words: { noteReasons: {}, noteCures: {}, rejectionReasons: {}, fields: {}, statuses: {} },
};

/** The app's sentences by code, in the language of the page. */
export const SentencesContext = createContext<Sentences>(NONE);

/**
 * Return the text of *sentence* in *locale*: its template by code, with its values.
 *
 * Where the code is unknown, or a value is missing, the English text of the app stands in.
 */
export function sentenceText(sentence: SentenceDocument, sentences: Sentences, locale: Locale): string {
  const template = sentences.templates[sentence.code];
  if (template === undefined) return sentence.detail;
  const fault: { found: boolean } = { found: false };
  const translate = createTranslator({
    locale,
    messages: { template },
    onError: () => {
      fault.found = true;
    },
  } as never) as unknown as (key: "template", values: Record<string, string | number>) => string;
  const text = translate("template", valuesOf(sentence, template, sentences, locale));
  return fault.found ? sentence.detail : text.trim();
}

/** Return a function that gives the text of a sentence. */
export function useSentence(): (sentence: SentenceDocument) => string {
  const sentences = use(SentencesContext);
  const locale = useLocale();
  const page = useTranslations("page");
  return (sentence) => {
    if (isPageCode(sentence.code, page)) return page(sentence.code, present(sentence.params) as never);
    return sentenceText(sentence, sentences, locale);
  };
}

/** Return a function that says what the app says in English, where it is one of its phrases; others stay as they are. */
export function usePhrase(): (text: string) => string {
  const { phrases } = use(SentencesContext);
  return (text) => inLanguage(text, phrases);
}

type PageTranslator = ReturnType<typeof useTranslations<"page">>;
type PageCode = Parameters<PageTranslator>[0];

function isPageCode(code: string, page: PageTranslator): code is PageCode {
  return code.startsWith("page_") && page.has(code as PageCode);
}

function present(params: SentenceDocument["params"]): Record<string, string | number> {
  const entries = Object.entries(params).filter(
    (entry): entry is [string, string | number] => entry[1] !== null,
  );
  return Object.fromEntries(entries);
}
