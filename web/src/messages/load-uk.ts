import { type Loaded, type Messages, sentenceWords, type Translated } from ".";
import uk from "./uk";
import phrases from "./uk/phrases.json";
import templates from "./uk/sentences.json";

const translated: Translated<Messages> = uk;

export const loaded: Loaded = {
  messages: translated,
  sentences: { templates, phrases, words: sentenceWords(translated) },
};
