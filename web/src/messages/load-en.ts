import { type Loaded, sentenceWords } from ".";
import en from "./en";
import templates from "./en/sentences.json";

export const loaded: Loaded = {
  messages: en,
  sentences: { templates, phrases: {}, words: sentenceWords(en) },
};
