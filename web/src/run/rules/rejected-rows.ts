/** The rejected rows of a run, as the app lists them: one JSON text a line. */
import type { SentenceDocument } from "../../api/problem";

/**
 * A row that was not taken. Klaviyo may not say which row of a request it means; *rows* are then those of the request.
 *
 * *code* is null where *detail* is in Klaviyo's own words, or an older release has written the row.
 */
export type Rejected = {
  blob: string | null;
  row: number | null;
  line: number | null;
  rows: [blob: string, first: number, last: number][] | null;
  reason: string;
  code: string | null;
  params: SentenceDocument["params"];
  detail: string;
  refused_by: string;
  fields: Record<string, unknown>;
};

/** What rows lack that an older release has written. */
const OLDER = { line: null, rows: null, code: null, params: {} };

/** Return the rows of *text*; a line that is none is passed over. */
export function linesOf(text: string): Rejected[] {
  return text.split("\n").flatMap((line) => {
    if (line.trim() === "") return [];
    const found = parsed(line);
    return isRejected(found) ? [{ ...OLDER, ...found }] : [];
  });
}

/** Reasons with their counts, the most frequent first. */
export function byCount(counts: Readonly<Record<string, number>>): { reason: string; count: number }[] {
  return Object.entries(counts)
    .map(([reason, count]) => ({ reason, count }))
    .sort((a, b) => b.count - a.count || a.reason.localeCompare(b.reason));
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function isRejected(found: unknown): found is Rejected {
  return (
    typeof found === "object" &&
    found !== null &&
    "reason" in found &&
    typeof found.reason === "string" &&
    "fields" in found &&
    typeof found.fields === "object" &&
    found.fields !== null
  );
}
