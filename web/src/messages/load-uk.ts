import { type Loaded, sentenceWords } from ".";
import first from "./uk/first";
import phrases from "./uk/phrases.json";
import templates from "./uk/sentences.json";

export const loaded: Loaded = {
  messages: first,
  sentences: { templates, phrases, words: sentenceWords(first) },
};
