import type { components } from "../../../api/schema";

export type Mapping = components["schemas"]["ExportWish"]["mapping"];
/** Where the values of a property come from: the name of a column, a column with its type, or a constant. */
export type Entry = NonNullable<NonNullable<Mapping["properties"]>[string]>;
export type ValueType = NonNullable<Exclude<Entry, string | { value: unknown }>["type"]>;
export type ColumnEntry = {
  column: string;
  type?: ValueType | null;
  decimal_comma?: boolean | null;
  date_format?: string | null;
};

type StandardName = Exclude<keyof Mapping, "location" | "properties">;
type LocationName = keyof NonNullable<Mapping["location"]>;
/** An attribute of Klaviyo's: `first_name`, or `location.city`. */
export type FieldKey = StandardName | `location.${LocationName}`;

export type FieldRule = {
  key: FieldKey;
  group: "person" | "more" | "location";
  /** Fields of the core are shown always, the others when they are mapped or asked for. */
  isCore: boolean;
  takesConstant: boolean;
  types: readonly ValueType[];
};

function rule(key: FieldKey, group: FieldRule["group"], more: Partial<FieldRule> = {}): FieldRule {
  return { key, group, isCore: false, takesConstant: true, types: [], ...more };
}

const IDENTIFIES = { isCore: true, takesConstant: false };

/** Klaviyo's attributes in the order in which they are shown; the mapping of an export knows no others. */
export const FIELDS: readonly FieldRule[] = [
  rule("email", "person", IDENTIFIES),
  rule("phone_number", "person", IDENTIFIES),
  rule("first_name", "person", { isCore: true }),
  rule("last_name", "person", { isCore: true }),
  rule("external_id", "person", { ...IDENTIFIES, isCore: false, types: ["text", "integer"] }),
  rule("title", "more"),
  rule("organization", "more"),
  rule("locale", "more"),
  rule("image", "more"),
  rule("location.address1", "location"),
  rule("location.address2", "location"),
  rule("location.zip", "location"),
  rule("location.city", "location"),
  rule("location.region", "location"),
  rule("location.country", "location"),
  rule("location.timezone", "location"),
  rule("location.ip", "location"),
  rule("location.latitude", "location", { takesConstant: false, types: ["number"] }),
  rule("location.longitude", "location", { takesConstant: false, types: ["number"] }),
];

export const PROPERTY_TYPES: readonly ValueType[] = [
  "text",
  "integer",
  "number",
  "boolean",
  "date",
  "datetime",
];

/** Return the entry of *key*, null where the attribute is not mapped. */
export function entryOf(mapping: Mapping, key: FieldKey): Entry | null {
  const [name, part] = key.split(".") as [StandardName | "location", LocationName | undefined];
  if (name === "location") return (part && mapping.location?.[part]) ?? null;
  return mapping[name] || null;
}

/** Return *mapping* with *entry* for *key*; null takes the attribute out. An e-mail address that is out is "". */
export function withEntry(mapping: Mapping, key: FieldKey, entry: Entry | null): Mapping {
  const [name, part] = key.split(".") as [string, string | undefined];
  if (name === "email") return { ...mapping, email: entry === null ? "" : (columnOf(entry) ?? "") };
  if (part === undefined) return replaced(mapping, name, entry);
  const location = replaced(mapping.location ?? {}, part, entry);
  return replaced(mapping, "location", Object.keys(location).length === 0 ? null : location);
}

/** Return *mapping* with *properties*, in their order. */
export function withProperties(mapping: Mapping, properties: readonly Property[]): Mapping {
  const own = Object.fromEntries(properties.map(({ name, entry }) => [name, entry]));
  return replaced(mapping, "properties", properties.length === 0 ? null : own);
}

export type Property = { name: string; entry: Entry };

export function propertiesOf(mapping: Mapping): Property[] {
  return Object.entries(mapping.properties ?? {}).map(([name, entry]) => ({ name, entry }));
}

/** Return the column that *entry* takes its values from, null for a constant. */
export function columnOf(entry: Entry): string | null {
  if (typeof entry === "string") return entry;
  return "column" in entry ? entry.column : null;
}

/** Return the column with what is said about its values; null for a constant. */
export function columnEntry(entry: Entry): ColumnEntry | null {
  if (typeof entry === "string") return { column: entry };
  return "column" in entry ? entry : null;
}

/** Return *entry* in the shortest form that says the same. */
export function shortest(entry: ColumnEntry): Entry {
  const said = Object.entries(entry).filter(([, value]) => value !== null && value !== undefined);
  return said.length === 1 ? entry.column : (Object.fromEntries(said) as ColumnEntry);
}

/** Tell whether nothing is mapped yet. */
export function isEmpty(mapping: Mapping): boolean {
  return mappedColumns(mapping).size === 0 && propertiesOf(mapping).length === 0;
}

/** Return the columns that leave the storage, each with the attributes that take it. */
export function mappedColumns(mapping: Mapping): Map<string, (FieldKey | { property: string })[]> {
  const found = new Map<string, (FieldKey | { property: string })[]>();
  const note = (entry: Entry | null, place: FieldKey | { property: string }): void => {
    const column = entry === null ? null : columnOf(entry);
    if (column) found.set(column, [...(found.get(column) ?? []), place]);
  };
  for (const { key } of FIELDS) note(entryOf(mapping, key), key);
  for (const { name, entry } of propertiesOf(mapping)) note(entry, { property: name });
  return found;
}

/** Return *document* with *value* as *name*, or without *name* where *value* is null. */
function replaced<T extends object>(document: T, name: string, value: unknown): T {
  const { [name]: _before, ...others } = document as Record<string, unknown>;
  if (value === null) return others as T;
  return (name in document ? { ...document, [name]: value } : { ...others, [name]: value }) as T;
}
