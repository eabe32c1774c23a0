import { type ExportDraft, FIELDS, isSameValue } from "../draft/draft";

/** A field in which two drafts differ; mappings and limits differ entry by entry. */
export type Difference = { pointer: string; mine: unknown; theirs: unknown };

/** Return in which fields *mine* and *theirs* differ, in the order of the form. */
export function differences(mine: ExportDraft, theirs: ExportDraft): Difference[] {
  return FIELDS.flatMap((field) =>
    field === "mapping" || field === "limits"
      ? entriesThatDiffer(`/${field}`, mine[field], theirs[field])
      : entry(`/${field}`, mine[field], theirs[field]),
  );
}

function entriesThatDiffer(pointer: string, mine: object, theirs: object): Difference[] {
  const [one, other] = [new Map(Object.entries(mine)), new Map(Object.entries(theirs))];
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((name) => {
    const place = `${pointer}/${name}`;
    return name === "properties" || name === "location"
      ? entriesThatDiffer(place, one.get(name) ?? {}, other.get(name) ?? {})
      : entry(place, one.get(name), other.get(name));
  });
}

function entry(pointer: string, mine: unknown, theirs: unknown): Difference[] {
  return isSameValue(mine ?? null, theirs ?? null) ? [] : [{ pointer, mine, theirs }];
}

/** Return *value* as one line: a column by its name, several values with commas; null where there is none. */
export function valueText(value: unknown): string | null {
  if (value === null || value === undefined || value === "") return null;
  if (Array.isArray(value)) return value.map((each) => valueText(each)).join(", ");
  if (typeof value !== "object") return String(value);
  if ("cron" in value) return [value.cron, "time_zone" in value ? value.time_zone : "UTC"].join(" · ");
  if ("value" in value) return JSON.stringify(value.value);
  return Object.values(value)
    .filter((each) => each !== null && each !== undefined)
    .join(" · ");
}
