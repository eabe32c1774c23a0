type Attributes = Readonly<Record<string, unknown>>;

/** Return *row* with its location and properties on the same level as the other attributes. */
export function flat(row: Attributes): Record<string, unknown> {
  const entries = Object.entries(row).flatMap(([name, value]) =>
    (name === "location" || name === "properties") && typeof value === "object" && value !== null
      ? Object.entries(value).map(([part, each]) => [`${name}.${part}`, each] as const)
      : [[name, value] as const],
  );
  return Object.fromEntries(entries);
}

/** Return *value* as it would be sent: a text as it is, anything else as JSON. */
export function shownValue(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
