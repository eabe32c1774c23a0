/** What the address of the history says: which runs are shown. It holds no datum of a person. */
import type { RunStatus } from "../parts/StatusBadge";

export const STATUSES: readonly RunStatus[] = [
  "queued",
  "exporting",
  "settling",
  "succeeded",
  "partial",
  "failed",
  "cancelled",
  "skipped",
];
export const TRIGGERS = ["schedule", "new_data", "http", "source_changed"] as const;
export type Trigger = (typeof TRIGGERS)[number];

export type HistorySearch = {
  export?: string;
  status?: RunStatus;
  trigger?: Trigger;
  /** Days in the viewer's zone, such as 2026-11-28; both are shown. */
  from?: string;
  to?: string;
};

/** Read the search of an address; what cannot be read is left out. */
export function readHistorySearch(search: Record<string, unknown>): HistorySearch {
  const found: HistorySearch = {};
  const { from, to } = search;
  const id = search["export"];
  // An id of digits comes as a number.
  if ((typeof id === "string" && id) || typeof id === "number") found.export = String(id);
  const status = STATUSES.find((known) => known === search["status"]);
  if (status) found.status = status;
  const trigger = TRIGGERS.find((known) => known === search["trigger"]);
  if (trigger) found.trigger = trigger;
  if (isDay(from)) found.from = from;
  if (isDay(to)) found.to = to;
  return found;
}

/**
 * The times that the days of *search* begin and end at, as the app takes them.
 *
 * Example: `{ to: "2026-11-28" }` in Kyiv is `{ until: "2026-11-28T22:00:00Z" }`, the beginning of the 29th.
 */
export function timesOf({ from, to }: HistorySearch): { since?: string; until?: string } {
  return {
    ...(from ? { since: startOf(from, 0) } : {}),
    ...(to ? { until: startOf(to, 1) } : {}),
  };
}

/** Return the beginning of the day that comes *later* days after *day*, in the viewer's zone. */
function startOf(day: string, later: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return secondsOnly(new Date(year, month - 1, date + later));
}

/** Return *time* as the app takes it: in UTC, without fractions of a second. */
export function secondsOnly(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}

function isDay(text: unknown): text is string {
  return typeof text === "string" && /^20\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}
