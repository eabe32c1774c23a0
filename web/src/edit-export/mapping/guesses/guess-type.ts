import type { Column } from "../rules/columns";
import { type ColumnEntry, type Entry, shortest } from "../rules/fields";
import type { Values } from "./looks";

const PATTERNS: readonly (readonly [RegExp, Omit<ColumnEntry, "column">])[] = [
  [/^(true|false)$/i, { type: "boolean" }],
  [/^(0|-?[1-9]\d{0,14})$/, { type: "integer" }],
  [/^-?(0|[1-9]\d{0,11})(\.\d{1,6})?$/, { type: "number" }],
  [/^-?(0|[1-9]\d{0,11}),\d{1,2}$/, { type: "number", decimal_comma: true }],
  [/^\d{4}-\d\d-\d\d$/, { type: "date" }],
  [/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s?(Z|UTC|[+-]\d\d:?\d\d)?$/, { type: "datetime" }],
  [/^\d{1,2}\.\d{1,2}\.\d{4}$/, { type: "date", date_format: "%d.%m.%Y" }],
];
/** Digits that name something and count nothing: they stay texts. */
const NAMES_SOMETHING = [
  /(^|[^a-z])(id|code|number|no|nr|zip|plz|sku|ean)$/i,
  /[a-z](Id|ID|Code|Number|Nr|No)$/,
  /(^|\s)(номер|код|індекс)(\s|$)/iu,
];

/**
 * Return an entry for *column* as a property, with the type that its values have.
 *
 * A type is guessed only where all values have it. Numbers with zeros in front, and those of a column that names
 * something (`StoreCode`), come as they are; so do dates such as 03/04/2026, which can be read in two ways.
 */
export function guessProperty(column: Column): Entry {
  return shortest({ column: column.name, ...guessType(column) });
}

function guessType({ name, values }: Column): Omit<ColumnEntry, "column"> {
  const said = PATTERNS.find(([pattern]) => all(values, pattern))?.[1] ?? {};
  const isNumber = said.type === "integer" || said.type === "number";
  return isNumber && NAMES_SOMETHING.some((pattern) => pattern.test(name)) ? {} : said;
}

function all(values: Values, pattern: RegExp): boolean {
  return values.length > 0 && values.every((value) => pattern.test(value.trim()));
}
