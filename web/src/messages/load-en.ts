import { type Loaded, sentenceWords } from ".";
import first from "./en/first";
import templates from "./en/sentences.json";

export const loaded: Loaded = {
  messages: first,
  sentences: { templates, phrases: {}, words: sentenceWords(first) },
};
