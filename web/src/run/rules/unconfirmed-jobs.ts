/** The import jobs of a run whose end could not be learnt, as the app lists them: one JSON text a line. */

export type Span = [blob: string, first: number, last: number];
/** A job; without an id where the answer to its request never came. */
export type UnconfirmedJob = { id: string | null; profiles: number; rows: Span[]; status: string };

/** Return the jobs of *text*; a line that is none is passed over. */
export function jobsOf(text: string): UnconfirmedJob[] {
  return text.split("\n").flatMap((line) => {
    const found = line.trim() === "" ? null : parsed(line);
    if (typeof found !== "object" || found === null) return [];
    const { job_id: id, profiles, rows, status } = found as Record<string, unknown>;
    if (typeof profiles !== "number" || typeof status !== "string") return [];
    return [{ id: typeof id === "string" ? id : null, profiles, rows: spansOf(rows), status }];
  });
}

function spansOf(rows: unknown): Span[] {
  return Array.isArray(rows)
    ? rows.filter((each): each is Span => Array.isArray(each) && each.length === 3)
    : [];
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
