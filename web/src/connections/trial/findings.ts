/** What a test of a connection says, in the order in which a person mends it. */
import type { ConnectionCheck } from "../../api/connections";
import type { SentenceDocument } from "../../api/problem";

/** The scopes that a key should have; without an optional one the app knows less. */
export const SCOPES = [
  { name: "lists:read", isRequired: true },
  { name: "lists:write", isRequired: true },
  { name: "profiles:read", isRequired: true },
  { name: "profiles:write", isRequired: true },
  { name: "accounts:read", isRequired: false },
  { name: "flows:read", isRequired: false },
] as const;
export type ScopeName = (typeof SCOPES)[number]["name"];

/** `unchecked`: only the first run shows whether the key has it. */
export type ScopeState = "there" | "missing" | "unchecked";
export type FoundScope = { name: ScopeName; isRequired: boolean; state: ScopeState };

/** Return every scope with its state; none where Klaviyo could not be asked. */
export function scopesOf(check: ConnectionCheck): FoundScope[] {
  const { scopes } = check;
  if (scopes === null) return [];
  const has = (all: readonly { name: string }[], name: string) => all.some((each) => each.name === name);
  return SCOPES.map((scope) => ({
    ...scope,
    state: has(scopes.missing, scope.name)
      ? "missing"
      : has(scopes.unchecked, scope.name)
        ? "unchecked"
        : "there",
  }));
}

/** What a person does about a problem. */
export type Cure = "key" | "account" | "consent" | null;

const CONSENT: readonly string[] = [
  "consent_missing",
  "consent_is_withdrawn",
  "consent_withdrawn",
  "consent_text_unknown",
];
const ACCOUNT: readonly string[] = [
  "key_of_other_account",
  "key_of_another_account",
  "key_of_another_account_than_before",
  "other_account",
];

/** Return what to do about *problem*: whatever names a secret or a scope is mended by another key. */
export function cureOf(problem: SentenceDocument): Cure {
  if (CONSENT.includes(problem.code)) return "consent";
  if (ACCOUNT.includes(problem.code)) return "account";
  return "secret" in problem.params || problem.code === "scope_missing" ? "key" : null;
}

/** A problem with its cure; `scopes` stands for all scopes that are missing, since one new key mends them at once. */
export type Found =
  | { kind: "problem"; problem: SentenceDocument; cure: Cure }
  | { kind: "scopes"; names: string[] };

/** Return what is wrong, with one entry for all missing scopes that runs need. */
export function foundIn(check: ConnectionCheck): Found[] {
  const names = (check.scopes?.missing ?? []).filter((each) => each.required).map((each) => each.name);
  const found: Found[] = check.problems
    .filter((problem) => problem.code !== "scope_missing")
    .map((problem) => ({ kind: "problem", problem, cure: cureOf(problem) }));
  return names.length > 0 ? [...found, { kind: "scopes", names }] : found;
}
