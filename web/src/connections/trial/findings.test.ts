import { expect, it } from "vitest";
import type { ConnectionCheck } from "../../api/connections";
import { cureOf, foundIn, scopesOf } from "./findings";

const said = (code: string, params: Record<string, string> = {}) => ({ code, params, detail: code });
const scope = (name: string, required = true) => ({ name, required, needed_for: "" });
const check: ConnectionCheck = {
  is_usable: false,
  problems: [
    said("consent_missing", { connection: "acme" }),
    said("scope_missing", { scope: "lists:write" }),
    said("scope_missing", { scope: "lists:read" }),
  ],
  account: { id: "AbC123", name: "Acme", is_test: false },
  scopes: {
    missing: [scope("lists:write"), scope("lists:read"), scope("flows:read", false)],
    unchecked: [scope("profiles:write")],
  },
  list: null,
  live_flows: null,
};

it("says of every scope whether the key has it", () => {
  expect(scopesOf(check).map((each) => [each.name, each.state])).toEqual([
    ["lists:read", "missing"],
    ["lists:write", "missing"],
    ["profiles:read", "there"],
    ["profiles:write", "unchecked"],
    ["accounts:read", "there"],
    ["flows:read", "missing"],
  ]);
  expect(scopesOf({ ...check, scopes: null })).toEqual([]);
});

it("tells of all scopes that runs need at once", () => {
  expect(foundIn(check)).toEqual([
    { kind: "problem", problem: check.problems[0], cure: "consent" },
    { kind: "scopes", names: ["lists:write", "lists:read"] },
  ]);
});

it.each([
  [said("key_unknown", { secret: "klaviyo-acme" }), "key"],
  [said("key_of_other_account", { secret: "klaviyo-acme" }), "account"],
  [said("consent_is_withdrawn"), "consent"],
  [said("klaviyo_unexpected"), null],
])("%#: knows what to do", (problem, cure) => {
  expect(cureOf(problem)).toBe(cure);
});
