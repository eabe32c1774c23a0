import type { Loaded } from ".";
import en from "./en";
import templates from "./en/sentences.json";
import { sentenceWords } from "./sentence-words";

export const loaded: Loaded = {
  messages: en,
  sentences: { templates, phrases: {}, words: sentenceWords(en) },
};
