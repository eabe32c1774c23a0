import { type Mapping, mappedColumns } from "./fields";

/** A column of the chosen segments: some of its values, and the segments that have it. */
export type Column = { name: string; values: readonly string[]; segments: readonly string[] };

/** What was found in one segment. */
export type SegmentColumns = {
  segment: string;
  columns: readonly string[];
  values: Readonly<Record<string, readonly string[]>>;
};

const VALUES = 3;

/** Return the columns of all segments, once each, in the order in which the segments have them. */
export function columnsOfSegments(found: readonly SegmentColumns[]): Column[] {
  const columns = new Map<string, { values: string[]; segments: string[] }>();
  for (const { segment, columns: names, values } of found) {
    for (const name of names) {
      const column = columns.get(name) ?? { values: [], segments: [] };
      column.segments.push(segment);
      const fresh = (values[name] ?? []).filter((value) => !column.values.includes(value));
      column.values = [...column.values, ...fresh].slice(0, VALUES);
      columns.set(name, column);
    }
  }
  return [...columns].map(([name, column]) => ({ name, ...column }));
}

/** Return the columns whose name or values have *text* in them, in any case; those with the name come first. */
export function searchColumns(columns: readonly Column[], text: string): Column[] {
  const wanted = text.trim().toLocaleLowerCase();
  if (!wanted) return [...columns];
  const has = (value: string): boolean => value.toLocaleLowerCase().includes(wanted);
  const named = columns.filter(({ name }) => has(name));
  const others = columns.filter((column) => !has(column.name) && column.values.some(has));
  return [...named, ...others];
}

/** Return the columns that the mapping does not name: they never leave the storage. */
export function columnsThatStay(columns: readonly Column[], mapping: Mapping): Column[] {
  const mapped = mappedColumns(mapping);
  return columns.filter(({ name }) => !mapped.has(name));
}

/** Return the segments that lack *column*, of all that were looked into; none where nothing is known of the column. */
export function segmentsWithout(column: Column | undefined, columns: readonly Column[]): string[] {
  if (!column) return [];
  const all = new Set(columns.flatMap(({ segments }) => segments));
  return [...all].filter((segment) => !column.segments.includes(segment));
}

/** Return a name for a property that *taken* does not have yet: `Tier`, then `Tier 2`. */
export function freeName(wanted: string, taken: readonly string[]): string {
  const base = wanted.replace(/^\$+/, "").trim() || "property";
  if (!taken.includes(base)) return base;
  let number = 2;
  while (taken.includes(`${base} ${number}`)) number += 1;
  return `${base} ${number}`;
}
