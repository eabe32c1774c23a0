/** What a line of the audit trail changed: its documents before and after, field by field. */

type Fields = Readonly<Record<string, unknown>>;
/** A field by its place in the document, and its value before and after; undefined where it was not there. */
export type Change = { path: string[]; before: unknown; after: unknown };

/** Objects that are compared entry by entry; every other value is one. */
const OPEN = new Set(["mapping", "location", "properties", "limits", "consent", "reading"]);
/** What the app notes by itself, which is no change of anybody. */
const OWN = new Set(["schema", "id", "created_at", "changed_at", "changed_by"]);

/** Return the fields in which *before* and *after* differ, in the order of the documents. Null stands for no document. */
export function changesOf(before: Fields | null, after: Fields | null): Change[] {
  return changesIn([], before ?? {}, after ?? {});
}

function changesIn(path: readonly string[], before: Fields, after: Fields): Change[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name): Change[] => {
    if (path.length === 0 && OWN.has(name)) return [];
    const [one, other] = [before[name], after[name]];
    const place = [...path, name];
    if (OPEN.has(name) && (isFields(one) || isFields(other)))
      return changesIn(place, isFields(one) ? one : {}, isFields(other) ? other : {});
    return isSame(one, other) ? [] : [{ path: place, before: one, after: other }];
  });
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Nothing and null are the same: a document of an older release lacks what a newer one has. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one ?? null)) === JSON.stringify(sorted(other ?? null));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
}

/** Return *value* as one line: a column by its name, several values with commas; null where there is none. */
export function valueText(value: unknown): string | null {
  if (value === null || value === undefined || value === "") return null;
  if (Array.isArray(value)) return value.map((each) => valueText(each) ?? "").join(", ") || null;
  if (!isFields(value)) return String(value);
  if (Object.keys(value).length === 1 && "value" in value) return JSON.stringify(value["value"]);
  const texts = Object.values(value).map((each) => valueText(each));
  return texts.filter((text) => text !== null).join(" · ") || null;
}
