import { expect, it } from "vitest";
import type { Export } from "../api/exports";
import { needsOf } from "./needs";

const NOW = new Date("2026-11-28T12:00:00Z");
const TALLY = { read: 0, accepted: 0, unchanged: 0, duplicates: 0, rejected: 0, unconfirmed: 0 };

function exportWith(id: string, run: object | null, changes: object = {}): Export {
  const last_run = run && {
    id: "r1",
    status: "succeeded",
    created_at: "2026-11-28T06:00:00Z",
    ended_at: null,
    waiting: null,
    error: null,
    tally: TALLY,
    ...run,
  };
  return {
    id,
    display_name: id,
    enabled: true,
    connection_id: "acme",
    last_run,
    ...changes,
  } as unknown as Export;
}

function failed(reason: string, at = "2026-11-28T06:00:00Z") {
  return {
    status: "failed",
    ended_at: at,
    error: { status: "failed", reason, code: reason, params: {}, detail: "" },
  };
}

function waiting(since: string, next_try = "2026-11-28T12:05:00Z") {
  return {
    status: "exporting",
    waiting: { reason: "unavailable", since, next_try, code: "c", params: {}, detail: "" },
  };
}

function silent(since: string) {
  return { status: "exporting", silence: { code: "no_sign_of_life", params: { since }, detail: "" } };
}

const kinds = (exports: Export[]) => needsOf(exports, null, NOW).map(({ kind, names }) => [kind, ...names]);

it("needs nobody where all is well, where nothing ran, and where an export is disabled", () => {
  const off = exportWith("off", failed("configuration"), { enabled: false });
  expect(kinds([exportWith("a", {}), exportWith("b", null), off])).toEqual([]);
  expect(needsOf([], [{ name: "tick", is_ok: true, problem: null, note: null, at: null }], NOW)).toEqual([]);
});

it("tells of what failed, the newest first, with the way to the run and the section that says what to do", () => {
  const old = exportWith("old", failed("configuration", "2026-11-27T06:00:00Z"));
  const needs = needsOf([old, exportWith("new", failed("live_flow"))], null, NOW);
  expect(needs.map(({ names, cure }) => [...names, cure])).toEqual([
    ["new", "live_flow"],
    ["old", "configuration"],
  ]);
  expect(needs[0]?.way).toEqual({ to: "run", exportId: "new", runId: "r1" });
});

it("tells once of a key that is refused, whatever exports it stops, and before anything else that failed", () => {
  const exports = [
    exportWith("x", failed("configuration")),
    exportWith("a", failed("credentials_refused")),
    exportWith("b", failed("credentials_refused")),
    exportWith("c", failed("credentials_refused"), { connection_id: "other" }),
  ];
  expect(kinds(exports)).toEqual([
    ["refused", "a", "b"],
    ["refused", "c"],
    ["failed", "x"],
  ]);
});

it("tells of a run that has waited for three hours, and not before", () => {
  expect(kinds([exportWith("a", waiting("2026-11-28T09:01:00Z"))])).toEqual([]);
  expect(kinds([exportWith("a", waiting("2026-11-28T09:00:00Z"))])).toEqual([["waiting", "a"]]);
});

it("tells of a run that nothing has worked on for a quarter of an hour, with what is known of it", () => {
  const needs = needsOf([exportWith("a", silent("2026-11-28T11:45:00Z"))], null, NOW);
  expect(needs.map(({ kind, cure, sentence }) => [kind, cure, sentence.code])).toEqual([
    ["silent", "a-run-is-stuck", "no_sign_of_life"],
  ]);
  expect(needs[0]?.way).toEqual({ to: "run", exportId: "a", runId: "r1" });
  // A leg that has died is taken up again within minutes: that needs nobody.
  expect(kinds([exportWith("a", silent("2026-11-28T11:45:01Z"))])).toEqual([]);
  const late = exportWith("a", waiting("2026-11-28T11:30:00Z", "2026-11-28T11:45:00Z"));
  expect(needsOf([late], null, NOW).map(({ sentence }) => sentence)).toEqual([
    { code: "page_not_resumed", params: { since: "2026-11-28T11:45:00Z" }, detail: "page_not_resumed" },
  ]);
});

it("tells of many rejected rows, and not of few", () => {
  const partial = (rejected: number) => ({ status: "partial", tally: { ...TALLY, read: 100, rejected } });
  expect(kinds([exportWith("a", partial(20))])).toEqual([]);
  expect(kinds([exportWith("a", partial(21))])).toEqual([["rejected", "a"]]);
});

it("tells of the app before its exports, and of what only needs a look at the end", () => {
  const say = (code: string) => ({ code, params: {}, detail: "" });
  const checks = [
    { name: "keys", is_ok: true, problem: null, note: say("key_expires"), at: null },
    { name: "tick", is_ok: false, problem: say("tick_late"), note: null, at: null },
  ];
  const needs = needsOf([exportWith("a", failed("live_flow"))], checks, NOW);
  expect(needs.map(({ kind, cure }) => [kind, cure])).toEqual([
    ["health", "no-tick-for-ten-minutes"],
    ["failed", "live_flow"],
    ["note", "exchange-a-key"],
  ]);
});
