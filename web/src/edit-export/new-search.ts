/** What the address of a new export says: the export that it begins as a copy of. */
export type NewSearch = { from?: string };

export function readNewSearch(search: Record<string, unknown>): NewSearch {
  const from = search["from"];
  // The router reads `?from=2026` as a number.
  return (typeof from === "string" || typeof from === "number") && from !== "" ? { from: String(from) } : {};
}
