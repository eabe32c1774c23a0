/** Which exports the table shows, in which order: search, filter, sort and page, on all exports that were read. */
import { type Export, hasRun, isReadable } from "../api/exports";
import type { HomeSearch, Sort, StatusFilter } from "./home-search";

export const PAGE_SIZE = 50;

export type Shown = { rows: readonly Export[]; total: number; page: number; pages: number };

export function shownExports(all: readonly Export[], search: HomeSearch, locale: string): Shown {
  const found = all.filter(
    (each) =>
      matches(each, search.q ?? "", locale) &&
      hasStatus(each, search.status) &&
      (search.connection === undefined || (each.connection_id ?? "") === search.connection),
  );
  const rows = found.sort(order(search.sort ?? "name", locale));
  const pages = Math.max(1, Math.ceil(rows.length / PAGE_SIZE));
  const page = Math.min(search.page ?? 1, pages);
  return { rows: rows.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE), total: rows.length, page, pages };
}

/** The connections of *all*, each once, by name. */
export function connectionsOf(all: readonly Export[], locale: string): { id: string; name: string }[] {
  const names = new Map<string, string>();
  for (const each of all) {
    const id = each.connection_id ?? "";
    if (isReadable(each) && id) names.set(id, each.connection?.display_name ?? id);
  }
  return [...names].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name, locale));
}

/** Tell whether a person should look at the export: its last run did not end well, or something keeps it from running. */
export function needsAttention(each: Export): boolean {
  if (!isReadable(each)) return true;
  return each.status === "failed" || each.status === "partial" || each.warnings.length > 0;
}

export function nameOf(each: Export): string {
  return each.display_name || each.id;
}

function matches(each: Export, q: string, locale: string): boolean {
  const words = q.toLocaleLowerCase(locale).split(/\s+/).filter(Boolean);
  const texts = [each.id, each.display_name, each.list_name, each.list_id, each.connection?.display_name];
  const text = [...texts, ...(each.segments ?? [])].join("\n").toLocaleLowerCase(locale);
  return words.every((word) => text.includes(word));
}

function hasStatus(each: Export, status: StatusFilter | undefined): boolean {
  switch (status) {
    case undefined:
      return true;
    case "attention":
      return needsAttention(each);
    case "active":
      return hasRun(each);
    case "never":
      return isReadable(each) && each.status === null;
    case "disabled":
      return each.enabled === false;
    default:
      return each.status === status;
  }
}

function order(sort: Sort, locale: string): (a: Export, b: Export) => number {
  const isDown = sort.startsWith("-");
  const value = VALUES[(isDown ? sort.slice(1) : sort) as keyof typeof VALUES];
  return (a, b) => {
    const [x, y] = [value(a), value(b)];
    // What has no value stands last, in either direction.
    if (x === "" || y === "") return x === y ? byName(a, b, locale) : x === "" ? 1 : -1;
    const compared = x.localeCompare(y, locale, { numeric: true });
    return compared === 0 ? byName(a, b, locale) : isDown ? -compared : compared;
  };
}

const VALUES = {
  name: nameOf,
  connection: (each: Export) => each.connection?.display_name ?? "",
  list: (each: Export) => each.list_name ?? each.list_id ?? "",
  last: (each: Export) => each.last_run?.created_at ?? "",
  next: (each: Export) => nextRun(each) ?? "",
} as const;

/** The next time at which the export runs by itself, null where it does not. */
export function nextRun(each: Export): string | null {
  return each.enabled === false ? null : (each.next_run ?? null);
}

function byName(a: Export, b: Export, locale: string): number {
  return nameOf(a).localeCompare(nameOf(b), locale, { numeric: true }) || a.id.localeCompare(b.id);
}
