import type { components } from "../../api/schema";

export type ExportWish = components["schemas"]["ExportWish"];
export type Mapping = ExportWish["mapping"];
export type Schedule = NonNullable<ExportWish["schedule"]> | null;
export type Limits = NonNullable<ExportWish["limits"]>;
/** An export as the app shows it. */
export type ShownExport = components["schemas"]["Export"];

/**
 * What the form edits: the fields of an export that people decide, each with a value.
 *
 * `kept` holds what the form does not show, such as `reading`, so that a save loses nothing.
 */
export type ExportDraft = {
  id: string;
  display_name: string;
  connection_id: string | null;
  list_id: string;
  segments: string[];
  mapping: Mapping;
  phone_region: string | null;
  limits: Limits;
  allow_flows: boolean;
  schedule: Schedule;
  enabled: boolean;
  kept: Readonly<Record<string, unknown>>;
};
export type DraftField = Exclude<keyof ExportDraft, "id" | "kept">;

export const FIELDS: readonly DraftField[] = [
  "display_name",
  "connection_id",
  "list_id",
  "segments",
  "mapping",
  "phone_region",
  "limits",
  "allow_flows",
  "schedule",
  "enabled",
];

/** What the app adds to an export when it shows it; a save ignores these fields. */
const SHOWN_ONLY: readonly string[] = [
  "schema",
  "created_at",
  "changed_at",
  "changed_by",
  "connection",
  "list_name",
  "status",
  "last_run",
  "next_run",
  "next_runs",
  "warnings",
  "may",
  "blocked",
  "self",
  "is_broken",
  "etag",
];

export function emptyDraft(): ExportDraft {
  return {
    id: "",
    display_name: "",
    connection_id: null,
    list_id: "",
    segments: [],
    mapping: { email: "" },
    phone_region: null,
    limits: { max_rejected_share: 0.5, min_rows: 0, max_rows: null },
    allow_flows: false,
    schedule: null,
    enabled: true,
    kept: {},
  };
}

/** Return the draft of an export as it is stored. */
export function draftOf(shown: ShownExport): ExportDraft {
  const empty = emptyDraft();
  const known = new Set<string>(["id", ...FIELDS, ...SHOWN_ONLY]);
  return {
    id: shown.id,
    display_name: shown.display_name ?? empty.display_name,
    connection_id: shown.connection_id ?? null,
    list_id: shown.list_id ?? empty.list_id,
    segments: shown.segments ?? empty.segments,
    mapping: shown.mapping ?? empty.mapping,
    phone_region: shown.phone_region ?? null,
    limits: { ...empty.limits, ...shown.limits },
    allow_flows: shown.allow_flows ?? false,
    schedule: shown.schedule ?? null,
    enabled: shown.enabled ?? true,
    kept: Object.fromEntries(Object.entries(shown).filter(([field]) => !known.has(field))),
  };
}

/** Return the draft of a copy named *name* of an export; like a copy by the app, it does not run by itself yet. */
export function copyOf(shown: ShownExport, name: string): ExportDraft {
  return { ...draftOf(shown), id: "", display_name: name, enabled: false };
}

/** Return the document to save. */
export function wishOf({ id: _, kept, ...fields }: ExportDraft): ExportWish {
  return { ...kept, ...fields };
}

/** Tell whether two drafts would be saved as the same document. */
export function isSame(one: ExportDraft, other: ExportDraft): boolean {
  return one.id === other.id && FIELDS.every((field) => isSameValue(one[field], other[field]));
}

/** Tell whether two values mean the same: the order of fields, and null for a missing field, make no difference. */
export function isSameValue(one: unknown, other: unknown): boolean {
  return JSON.stringify(normal(one)) === JSON.stringify(normal(other));
}

function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== null && each !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([field, each]) => [field, normal(each)]),
  );
}
