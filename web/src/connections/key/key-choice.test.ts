import { expect, it } from "vitest";
import { problemOf } from "../../api/problem";
import { canSendAgain, type KeyChoice, keyFault, keyOf, looksPublic, withoutKey } from "./key-choice";

const typed = (key: string): KeyChoice => ({ kind: "typed", key, secret: "klaviyo-acme" });
const named = (secret: string): KeyChoice => ({ kind: "secret", key: "pk_1", secret });

it.each([
  [typed("pk_0123456789abcdef"), null],
  [typed("  pk_1  "), null],
  [typed(" "), "keyMissing"],
  [typed("pk_1 2"), "keyLetters"],
  [typed("ключ"), "keyLetters"],
  [typed("x".repeat(1001)), "keyLong"],
  [named("klaviyo-acme"), null],
  [named(""), "secretMissing"],
  [named("klaviyo_acme"), "secretLetters"],
  [named(" pk_0123456789abcdef"), "secretIsKey"],
])("%#: knows what is wrong", (choice, fault) => {
  expect(keyFault(choice)).toBe(fault);
});

it("knows a public key by its looks", () => {
  expect(looksPublic(typed("AbC123"))).toBe(true);
  expect(looksPublic(typed("pk_abc"))).toBe(false);
  expect(looksPublic(named("AbC123"))).toBe(false);
});

it("sends a key or a secret, never both", () => {
  expect(keyOf(typed(" pk_1 "))).toEqual({ api_key: "pk_1" });
  expect(keyOf(named("klaviyo-acme"))).toEqual({ secret_name: "klaviyo-acme" });
});

it("forgets the key, and nothing else", () => {
  expect(withoutKey(typed("pk_1"))).toEqual({ kind: "typed", key: "", secret: "klaviyo-acme" });
});

it.each([
  [problemOf(503, null), true],
  [problemOf(412, null), true],
  [new TypeError("Failed to fetch"), true],
  [problemOf(400, null), false],
  [problemOf(422, null), false],
])("%#: keeps a key that was neither taken nor refused", (error, isKept) => {
  expect(canSendAgain(error)).toBe(isKept);
});
