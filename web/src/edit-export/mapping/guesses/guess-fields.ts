import { type Column, segmentsWithout } from "../rules/columns";
import { entryOf, FIELDS, type FieldKey, type Mapping, mappedColumns, withEntry } from "../rules/fields";
import {
  areLanguages,
  areNames,
  areWorldPhones,
  areYesOrNo,
  haveEmails,
  havePhones,
  type Values,
} from "./looks";
import { NAMES, plainName, shortName } from "./names";

export type Guessed = { mapping: Mapping; keys: readonly FieldKey[] };

/**
 * Return *mapping* with a good guess for each of Klaviyo's attributes that it leaves out.
 *
 * A column is guessed by its name, and taken only where its values fit; e-mail addresses and phone numbers are also
 * found by the values alone. A column of all segments goes before one of a few. No column is guessed twice, and no property at all: what is sent beside the usual is
 * for people to decide.
 */
export function guessFields(columns: readonly Column[], mapping: Mapping): Guessed {
  const taken = new Set(mappedColumns(mapping).keys());
  const keys: FieldKey[] = [];
  let guessed = mapping;
  for (const { key } of FIELDS) {
    if (entryOf(mapping, key) !== null) continue;
    const free = columns.filter(({ name }) => !taken.has(name));
    const everywhere = free.filter((column) => segmentsWithout(column, columns).length === 0);
    const column =
      byName(everywhere, key) ?? byValues(everywhere, key) ?? byName(free, key) ?? byValues(free, key);
    if (!column) continue;
    taken.add(column.name);
    keys.push(key);
    guessed = withEntry(guessed, key, column.name);
  }
  return { mapping: guessed, keys };
}

function byName(columns: readonly Column[], key: FieldKey): Column | undefined {
  const fitting = columns.filter(({ values }) => fits(key, values));
  for (const named of [plainName, shortName]) {
    for (const name of NAMES[key] ?? []) {
      const column = fitting.find((each) => named(each.name) === name);
      if (column) return column;
    }
  }
  return undefined;
}

function byValues(columns: readonly Column[], key: FieldKey): Column | undefined {
  if (key === "email") return columns.find(({ values }) => haveEmails(values));
  if (key === "phone_number") return columns.find(({ values }) => areWorldPhones(values));
  return undefined;
}

/** Tell whether *values* speak for *key*, or at least not against it; nothing is known where there are none. */
function fits(key: FieldKey, values: Values): boolean {
  if (values.length === 0) return true;
  if (key === "email") return haveEmails(values);
  if (key === "phone_number") return havePhones(values);
  if (key === "locale") return areLanguages(values);
  if (key === "location.zip") return !haveEmails(values) && !areYesOrNo(values);
  return areNames(values);
}
