/** What needs a person now, worked out from the exports and from what the app found out about its own health. */

import { type Export, isReadable, type ReadableExport } from "../api/exports";
import type { Checks } from "../api/health";
import type { SentenceDocument } from "../api/problem";
import { isActive } from "../parts/StatusBadge";

export type Kind = "health" | "refused" | "failed" | "silent" | "waiting" | "rejected" | "note";
/** Where one goes to see more, or to mend it. */
export type Way =
  | { to: "run"; exportId: string; runId: string }
  | { to: "rows"; exportId: string; runId: string }
  | { to: "connection"; connectionId: string; exportId: string; runId: string }
  | { to: "health" };

/**
 * One thing that needs a person.
 *
 * *names* are the exports or the connection that it is about; of a check of the app's health it is the check's word.
 * *cure* is the section of docs/operations.md that says what to do.
 */
export type Need = {
  key: string;
  kind: Kind;
  names: string[];
  sentence: SentenceDocument;
  cure: string;
  way: Way;
  at: string;
};

/** After so many hours without progress somebody should look; the alert about waiting runs says the same. */
const WAITS_HOURS = 3;
/** A run that nothing has worked on for so many minutes, although it should be worked on; the alert about stuck runs says the same. */
const SILENT_MINUTES = 15;
/** The alert about rejected rows says the same. */
const REJECTED_SHARE = 0.2;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ORDER: readonly Kind[] = ["health", "refused", "failed", "silent", "waiting", "rejected", "note"];

/** Return what needs a person: the app itself first, then what stops most exports; the newest first among its like. */
export function needsOf(exports: readonly Export[], checks: Checks["checks"] | null, now: Date): Need[] {
  const found = exports.filter(isReadable).flatMap((each) => needOf(each, now) ?? []);
  return [...healthNeeds(checks ?? []), ...grouped(found)].sort(
    (one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind) || other.at.localeCompare(one.at),
  );
}

function needOf(found: ReadableExport, now: Date): Need | null {
  const run = found.last_run;
  // Whoever has disabled an export has seen to it.
  if (!run || !found.enabled) return null;
  const names = [found.display_name || found.id];
  const common = { names, at: run.ended_at ?? run.created_at };
  const ids = { exportId: found.id, runId: run.id };
  const { error, waiting, tally } = run;
  if (run.status === "failed" && error) {
    if (error.reason === "credentials_refused" && found.connection_id) {
      const way = { to: "connection", connectionId: found.connection_id, ...ids } as const;
      return {
        ...common,
        key: `refused ${way.connectionId}`,
        kind: "refused",
        sentence: error,
        cure: error.reason,
        way,
      };
    }
    return {
      ...common,
      key: found.id,
      kind: "failed",
      sentence: error,
      cure: error.reason,
      way: { to: "run", ...ids },
    };
  }
  const silence = silenceOf(run, now);
  if (silence) {
    const way = { to: "run", ...ids } as const;
    return { ...common, key: found.id, kind: "silent", sentence: silence, cure: "a-run-is-stuck", way };
  }
  if (isActive(run.status) && waiting && now.getTime() - Date.parse(waiting.since) >= WAITS_HOURS * HOUR) {
    const way = { to: "run", ...ids } as const;
    return { ...common, key: found.id, kind: "waiting", sentence: waiting, cure: waiting.reason, way };
  }
  if (run.status === "partial" && tally.rejected > tally.read * REJECTED_SHARE) {
    const params = { rejected: tally.rejected, read: tally.read };
    return {
      ...common,
      key: found.id,
      kind: "rejected",
      sentence: { code: "page_many_rejected", params, detail: "page_many_rejected" },
      cure: "too-many-rows-were-rejected",
      way: { to: "rows", ...ids },
    };
  }
  return null;
}

/** Return since when nothing works on *run* although it should: the leg has died, or none took it up when it was due. */
function silenceOf(
  { status, waiting, silence }: NonNullable<ReadableExport["last_run"]>,
  now: Date,
): SentenceDocument | null {
  const since = waiting ? waiting.next_try : silence?.params["since"];
  const isLong = typeof since === "string" && now.getTime() - Date.parse(since) >= SILENT_MINUTES * MINUTE;
  if (!isActive(status) || !isLong) return null;
  return waiting ? { code: "page_not_resumed", params: { since }, detail: "page_not_resumed" } : silence;
}

/** A key that is refused stops every export over it: they are one thing to do. */
function grouped(needs: readonly Need[]): Need[] {
  const byKey = new Map<string, Need>();
  for (const need of needs) {
    const before = byKey.get(need.key);
    if (before) before.names.push(...need.names);
    else byKey.set(need.key, { ...need, names: [...need.names] });
  }
  return [...byKey.values()];
}

const CURES: Readonly<Record<string, string>> = {
  tick: "no-tick-for-ten-minutes",
  poison: "messages-lie-in-the-poison-queue",
  keys: "exchange-a-key",
};

/** Return the section that says what to do where the check *name* of the app's health finds something. */
export function cureOfCheck(name: string): string {
  return CURES[name] ?? "unavailable";
}

function healthNeeds(checks: Checks["checks"]): Need[] {
  return checks.flatMap(({ name, problem, note }): Need[] => {
    const sentence = problem ?? note;
    if (!sentence) return [];
    const kind = problem ? "health" : "note";
    return [
      {
        key: `health ${name}`,
        kind,
        names: [name],
        sentence,
        cure: cureOfCheck(name),
        way: { to: "health" },
        at: "",
      },
    ];
  });
}
