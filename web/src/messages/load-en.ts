import type { Loaded } from ".";
import en from "./en";
import sentences from "./en/sentences.json";

export const loaded: Loaded = { messages: en, sentences };
