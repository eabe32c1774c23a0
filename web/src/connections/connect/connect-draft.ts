/** What is typed while a connection is added, and how far one can go with it. */
import type { ConnectionWish, SharedWith } from "../../api/connections";
import { idFrom, inLatin } from "../../parts/ids";
import { type KeyChoice, keyFault, keyOf, NO_KEY } from "../key/key-choice";
import type { Step } from "./connect-search";

export type ConnectDraft = {
  name: string;
  sharedWith: SharedWith;
  key: KeyChoice;
  /** The version of the text that is agreed to, null where nobody has agreed yet. */
  agreedTo: string | null;
  /** Who agrees; only asked where the app does not know who is asking. */
  agreedBy: string;
};

const NAME = /^[A-Za-z][A-Za-z0-9_]{0,99}$/;
const LONGEST = 100;

/** Return a draft in which nothing is typed; *canEnter* tells whether the app takes keys, or only names of secrets. */
export function emptyConnect(canEnter: boolean): ConnectDraft {
  const key = { ...NO_KEY, kind: canEnter ? ("typed" as const) : ("secret" as const) };
  return { name: "", sharedWith: "administrators", key, agreedTo: null, agreedBy: "" };
}

/** What breaks the rule of names: begins with a letter of A to Z; letters, digits and underscores; at most 100. */
export type NameFault = "missing" | "long" | "begin" | "blank" | "letters";

/** Return what is wrong with *name*, null where nothing is. */
export function nameFault(name: string): NameFault | null {
  if (name === "") return "missing";
  if (NAME.test(name)) return null;
  if (name.length > LONGEST) return "long";
  if (/\s/.test(name)) return "blank";
  if (/^[^\p{L}]/u.test(name)) return "begin";
  return "letters";
}

/**
 * Return a name that keeps the rule and is as near to *name* as can be; null where that is *name* itself, or nothing.
 *
 * Example: `suggestedName("Acme Klaviyo")` is `Acme_Klaviyo`, and `suggestedName("Київ")` is `Kyiv`.
 */
export function suggestedName(name: string): string | null {
  const plain = inLatin(name)
    .replace(/[^A-Za-z0-9_]+/g, "_")
    .replace(/^[^A-Za-z]+/, "")
    .replace(/_+$/, "")
    .slice(0, LONGEST);
  return nameFault(plain) === null && plain !== name ? plain : null;
}

/** Return the id of the new connection; *taken* are the ids of all others. */
export function connectionId(name: string, taken: readonly string[]): string {
  return idFrom(name, taken, "connection");
}

/** Return the step that can be shown: *wanted*, or the first one before it that is not done yet. */
export function reachedStep(draft: ConnectDraft, wanted: Step): Step {
  if (wanted === "name" || nameFault(draft.name) !== null) return "name";
  if (wanted === "key" || keyFault(draft.key) !== null) return "key";
  return "consent";
}

/** Tell whether something would be lost: what kind of key was chosen is no loss. */
export function hasTyped(draft: ConnectDraft): boolean {
  const empty = emptyConnect(true);
  return JSON.stringify({ ...draft, key: { ...draft.key, kind: "typed" } }) !== JSON.stringify(empty);
}

/** Return what is sent to check the steps before the consent. */
export function wishWithoutConsent(draft: ConnectDraft): ConnectionWish {
  return { display_name: draft.name, shared_with: draft.sharedWith, ...keyOf(draft.key) };
}

/** Return the connection to save; *mustName* where the app does not know who is asking. */
export function wishOf(draft: ConnectDraft, language: "en" | "uk", mustName: boolean): ConnectionWish {
  return {
    ...wishWithoutConsent(draft),
    consent: consentWish(draft.agreedTo, language, mustName ? draft.agreedBy : null),
  };
}

/** Return what is sent to agree to the text *version* that was read in *language*. */
export function consentWish(
  version: string | null,
  language: "en" | "uk",
  name: string | null,
): NonNullable<ConnectionWish["consent"]> {
  return {
    accepted: version !== null,
    text: version,
    language,
    ...(name === null ? {} : { accepted_by: name.trim() }),
  };
}

/** Which step a wrong field belongs to, by its JSON pointer. */
export function stepOfPointer(pointer: string): Step {
  if (/^\/(api_key|secret_name|account_id)/.test(pointer)) return "key";
  return pointer.startsWith("/consent") ? "consent" : "name";
}
