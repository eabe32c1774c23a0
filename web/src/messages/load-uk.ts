import type { Loaded, Messages, Translated } from ".";
import uk from "./uk";
import sentences from "./uk/sentences.json";

const translated: Translated<Messages> = uk;

export const loaded: Loaded = { messages: translated, sentences };
