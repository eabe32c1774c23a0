/** What the address of a new export says: the export that it begins as a copy of, or the connection that it uses. */
export type NewSearch = { from?: string; connection?: string };

export function readNewSearch(search: Record<string, unknown>): NewSearch {
  const from = idOf(search["from"]);
  const connection = idOf(search["connection"]);
  return { ...(from ? { from } : {}), ...(connection ? { connection } : {}) };
}

/** The router reads `?from=2026` as a number. */
function idOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}
