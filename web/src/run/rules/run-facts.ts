/** What a run shows about itself, worked out from its document. */
import type { Run } from "../../api/runs";

export type Outcome = "accepted" | "unchanged" | "duplicates" | "rejected" | "unconfirmed";
export const OUTCOMES: readonly Outcome[] = [
  "accepted",
  "unchanged",
  "duplicates",
  "rejected",
  "unconfirmed",
];

/**
 * Outcomes of *run* with their counts and shares of the rows, where a row has them.
 *
 * `accepted` is always there, and `rejected` once the run has ended: that nobody was rejected is worth saying.
 */
export function outcomesOf({ tally, ended_at }: Run): { outcome: Outcome; count: number; share: number }[] {
  const always: readonly Outcome[] = ended_at === null ? ["accepted"] : ["accepted", "rejected"];
  const shown = OUTCOMES.filter((outcome) => always.includes(outcome) || tally[outcome] > 0);
  return shown.map((outcome) => ({
    outcome,
    count: tally[outcome],
    share: tally.read === 0 ? 0 : tally[outcome] / tally.read,
  }));
}

const LEAST_SHARE = 0.001;

/** Say *share* in percent; one that is nearly nothing or nearly everything is not said to be that. */
export function shareText(share: number, percent: (share: number) => string): string {
  if (share > 0 && share < LEAST_SHARE / 2) return `<${percent(LEAST_SHARE)}`;
  return share < 1 && share > 1 - LEAST_SHARE / 2 ? `>${percent(1 - LEAST_SHARE)}` : percent(share);
}

/**
 * Return the moments of *run* while it sent rows, up to the one at which it began to settle.
 *
 * The app notes none at that moment, and the next one may be half a minute later, when Klaviyo has been asked.
 */
export function sendingOf({ samples, settling_since, checkpoint }: Run): Run["samples"] {
  if (settling_since === null) return samples;
  const sending = samples.filter(({ at }) => at < settling_since);
  const last = sending.at(-1);
  return last ? [...sending, { ...last, at: settling_since, row: checkpoint.row }] : sending;
}

/** Over so many seconds the present speed is taken. */
const WINDOW = 20;

/** Rows a second: lately while *run* exports, on the whole after that; null where nobody can tell. */
export function speedOf(run: Run): number | null {
  const samples = sendingOf(run);
  const last = samples.findLast((each) => each.row > 0);
  const isLive = run.status === "exporting";
  if (!last || (isLive && run.waiting)) return null;
  // The first moment at which the last row was done: settling adds moments, but no rows.
  const end = isLive ? last : (samples.find((each) => each.row === last.row) ?? last);
  const start = isLive
    ? (samples.find((each) => secondsBetween(each.at, end.at) <= WINDOW) ?? samples[0])
    : samples[0];
  const first = start === end ? samples[samples.indexOf(end) - 1] : start;
  if (!first) return null;
  const seconds = secondsBetween(first.at, end.at);
  return seconds > 0 && end.row > first.row ? (end.row - first.row) / seconds : null;
}

/** How long the run took, or takes until *now*; null before its start. */
export function secondsOf(run: Run, now: Date): number | null {
  if (run.started_at === null) return null;
  return Math.max(0, secondsBetween(run.started_at, run.ended_at ?? now.toISOString()));
}

export type Phase = "queued" | "exporting" | "settling" | "stopping";

/** What a run that has not ended does; a run that is to fail or was cancelled only settles what it has sent. */
export function phaseOf(run: Run): Phase | null {
  if (run.ended_at !== null) return null;
  if (run.status === "settling") return run.ending ? "stopping" : "settling";
  if (run.status !== "queued" && run.status !== "exporting") return null;
  return run.cancel_requested && run.status === "exporting" ? "stopping" : run.status;
}

/** Tell whether *run* does what its phase says; one that waits does so only while Klaviyo imports, a silent one never. */
export function isAtWork(run: Run): boolean {
  if (run.silence) return false;
  if (run.status === "queued" && (run.held || run.cancel_requested)) return false;
  return phaseOf(run) !== null && (run.waiting === null || run.status === "settling");
}

export type Stop = "cancel" | "hurry" | null;

/** What can still be stopped: the run, or only its wait for Klaviyo; null where nothing, or where one may not. */
export function stopOf(run: Run): Stop {
  if (!run.may.includes("cancel")) return null;
  if (run.cancel_requested?.settle === false) return null;
  return run.status === "settling" || run.cancel_requested ? "hurry" : "cancel";
}

const SAID_BY_NOTES = new Set(["values_left_out", "values_changed", "values_sent_as_they_are", "rows_noted"]);

/** Return the warnings of *run* without those that its table of values says again, with more. */
export function warningsOf(run: Run): Run["warnings"] {
  return run.notes.length > 0 ? run.warnings.filter(({ code }) => !SAID_BY_NOTES.has(code)) : run.warnings;
}

/** So many import jobs are still at work at Klaviyo. */
export function jobsAtWork({ jobs, ended_at }: Run): number {
  return ended_at === null ? Math.max(0, jobs.submitted - jobs.ended - jobs.lost) : 0;
}

export type Size = { unit: "byte" | "kilobyte" | "megabyte" | "gigabyte"; value: number };

/** Return *bytes* in the unit in which people would say it. */
export function sizeOf(bytes: number): Size {
  if (bytes < 1000) return { unit: "byte", value: bytes };
  if (bytes < 1e6) return { unit: "kilobyte", value: bytes / 1e3 };
  return bytes < 1e9 ? { unit: "megabyte", value: bytes / 1e6 } : { unit: "gigabyte", value: bytes / 1e9 };
}

export function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}
