/** Where the key of a connection comes from: typed in here, or a secret of the vault that has it already. */

import { problemWithoutAnswer } from "../../api/problem";

export type KeyChoice = { kind: "typed" | "secret"; key: string; secret: string };
export const NO_KEY: KeyChoice = { kind: "typed", key: "", secret: "" };

/** What is wrong with a key or the name of a secret: the page has a sentence for each. */
export type KeyFault =
  | "keyMissing"
  | "keyLetters"
  | "keyLong"
  | "secretMissing"
  | "secretLetters"
  | "secretIsKey";

const LONGEST_KEY = 1000;

/** Return what is wrong with *choice*, null where the app may take it. */
export function keyFault({ kind, key, secret }: KeyChoice): KeyFault | null {
  if (kind === "secret") {
    if (secret.trim() === "") return "secretMissing";
    if (secret.trim().startsWith("pk_")) return "secretIsKey";
    return /^[0-9A-Za-z-]{1,127}$/.test(secret.trim()) ? null : "secretLetters";
  }
  const typed = key.trim();
  if (typed === "") return "keyMissing";
  if (typed.length > LONGEST_KEY) return "keyLong";
  return /^[!-~]+$/.test(typed) ? null : "keyLetters";
}

/** Tell whether *key* looks like the public key of an account, six letters and digits, which opens nothing. */
export function looksPublic({ kind, key }: KeyChoice): boolean {
  return kind === "typed" && /^[A-Za-z0-9]{6}$/.test(key.trim());
}

/** Return the fields that say so to the app. */
export function keyOf({ kind, key, secret }: KeyChoice): { api_key: string } | { secret_name: string } {
  return kind === "typed" ? { api_key: key.trim() } : { secret_name: secret.trim() };
}

/** Return *choice* without the key that was typed. */
export function withoutKey(choice: KeyChoice): KeyChoice {
  return { ...choice, key: "" };
}

/** Tell whether a typed key can be sent once more after *error*: the app has not taken it, and did not refuse it. */
export function canSendAgain(error: Error): boolean {
  const { status } = problemWithoutAnswer(error);
  return status === 0 || status === 412 || status === 429 || status >= 500;
}
