import type { Problem } from "../../api/problem";
import type { components } from "../../api/schema";
import { flat } from "../../parts/rows/shown-values";
import { FIELDS } from "../mapping/rules/fields";
import type { PlacedProblem } from "../mapping/rules/problems";

export type Preview = components["schemas"]["Preview"];
export type Draft = components["schemas"]["PreviewedExport"];
type Attributes = Readonly<Record<string, unknown>>;

/** Warnings that `notes` of a preview say as well, field by field. */
const SAID_BY_NOTES = new Set([
  "values_to_leave_out",
  "values_to_change",
  "values_to_send_as_they_are",
  "rows_to_note",
]);

export function otherWarnings(preview: Preview): Preview["warnings"] {
  return preview.warnings.filter(({ code }) => !SAID_BY_NOTES.has(code));
}

/** Return what *preview* says about fields of the export: problems first. */
export function placedProblems(preview: Preview): PlacedProblem[] {
  return [...preview.problems, ...preview.warnings.map((warning) => ({ ...warning, isWarning: true }))];
}

/** Return the wrong fields that an answer names; in the body of the call the export stands below `/export`. */
export function placedErrors(problem: Problem): PlacedProblem[] {
  return problem.errors.map((error) => ({
    ...error,
    pointer: error.pointer.replace(/^\/export(?=\/|$)/, ""),
  }));
}

/** Return those of *problems* whose field is in *now* as it was in *asked*: what was changed is not judged any more. */
export function stillTrue(problems: readonly PlacedProblem[], asked: Draft, now: Draft): PlacedProblem[] {
  return problems.filter(
    ({ pointer }) =>
      pointer !== null &&
      JSON.stringify(valueAt(asked, pointer) ?? null) === JSON.stringify(valueAt(now, pointer) ?? null),
  );
}

function valueAt(document: unknown, pointer: string): unknown {
  const steps = pointer.split("/").slice(1);
  return steps.reduce<unknown>((value, step) => {
    if (typeof value !== "object" || value === null) return undefined;
    return (value as Record<string, unknown>)[step.replaceAll("~1", "/").replaceAll("~0", "~")];
  }, document);
}

/** Return the attributes that the rows have, as `location.city` and `properties.tier`: Klaviyo's first, in their order. */
export function fieldsOf(rows: readonly Attributes[]): string[] {
  const found = new Set(rows.flatMap((row) => Object.keys(flat(row))));
  const known = FIELDS.map(({ key }) => key as string).filter((key) => found.has(key));
  const own = [...found].filter((key) => !known.includes(key));
  return [...known, ...own];
}

export type Duration =
  | { unit: "unknown" | "atOnce" }
  | { unit: "seconds" | "minutes" | "hours"; count: number };

/** Return about how long *seconds* are, in the unit in which people would say it. */
export function durationOf(seconds: number | null): Duration {
  if (seconds === null) return { unit: "unknown" };
  if (seconds < 1) return { unit: "atOnce" };
  if (seconds < 90) return { unit: "seconds", count: Math.ceil(seconds) };
  if (seconds < 90 * 60) return { unit: "minutes", count: Math.ceil(seconds / 60) };
  return { unit: "hours", count: Math.ceil(seconds / 3600) };
}

/** Return how many rows of all segments were looked at; the first of them are shown. */
export function rowsLookedAt(preview: Preview): number {
  return preview.segments.reduce((sum, segment) => sum + segment.rows_looked_at, 0);
}
