/** What the app says of a draft, and at which field it is shown. */
import type { FieldError, SentenceDocument } from "../../api/problem";

export type Finding = SentenceDocument & { pointer: string | null };
export const SECTIONS = [
  "connection",
  "list",
  "segments",
  "mapping",
  "preview",
  "schedule",
  "limits",
] as const;
export type SectionName = (typeof SECTIONS)[number];

const PLACES: Readonly<Record<string, SectionName>> = {
  id: "connection",
  display_name: "connection",
  connection_id: "connection",
  list_id: "list",
  allow_flows: "list",
  segments: "segments",
  mapping: "mapping",
  phone_region: "mapping",
  schedule: "schedule",
  enabled: "schedule",
  limits: "limits",
};

/** Return the section that shows what is at *pointer*; null where no section does. */
export function sectionOf(pointer: string | null): SectionName | null {
  return PLACES[(pointer ?? "").split("/")[1] ?? ""] ?? null;
}

/** Return the findings at *pointer* and below it. */
export function at<T extends { pointer: string | null }>(findings: readonly T[], pointer: string): T[] {
  return findings.filter(
    (each) => each.pointer === pointer || (each.pointer?.startsWith(`${pointer}/`) ?? false),
  );
}

/** Return the findings that belong to no section: they are shown on top. */
export function elsewhere<T extends { pointer: string | null }>(findings: readonly T[]): T[] {
  return findings.filter((each) => sectionOf(each.pointer) === null);
}

/** Return *findings* without repetitions: a preview and a check may say the same. */
export function distinct<T extends Finding | FieldError>(findings: readonly T[]): T[] {
  const seen = new Set<string>();
  return findings.filter((each) => {
    const key = JSON.stringify([each.pointer, each.code, each.params]);
    return !seen.has(key) && seen.add(key);
  });
}
