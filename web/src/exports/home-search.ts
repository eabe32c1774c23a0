/** What the address of the home screen says of its table, so that a reload and the back button show the same. */

export const STATUS_FILTERS = [
  "attention",
  "active",
  "succeeded",
  "partial",
  "failed",
  "cancelled",
  "skipped",
  "never",
  "disabled",
] as const;
export type StatusFilter = (typeof STATUS_FILTERS)[number];

export const SORTS = ["name", "connection", "list", "last", "next"] as const;
export type SortColumn = (typeof SORTS)[number];
/** A column, with a minus for the other direction. */
export type Sort = SortColumn | `-${SortColumn}`;

export type HomeSearch = {
  q?: string;
  status?: StatusFilter;
  connection?: string;
  sort?: Sort;
  page?: number;
};

/** Read the search of an address; what cannot be read is left out. */
export function readHomeSearch(search: Record<string, unknown>): HomeSearch {
  const found: HomeSearch = {};
  const { q, connection, page } = search;
  if (q !== undefined && q !== "") found.q = String(q);
  const status = STATUS_FILTERS.find((known) => known === search["status"]);
  if (status) found.status = status;
  if (typeof connection === "string" && connection) found.connection = connection;
  const sort = SORTS.flatMap((column): Sort[] => [column, `-${column}`]).find(
    (known) => known === search["sort"],
  );
  if (sort && sort !== "name") found.sort = sort;
  if (Number.isInteger(Number(page)) && Number(page) > 1) found.page = Number(page);
  return found;
}

/** Return the sort after a click on *column*: newest first for the last run, and the other way at the second click. */
export function nextSort(sort: Sort | undefined, column: SortColumn): Sort {
  const first: Sort = column === "last" ? "-last" : column;
  const second: Sort = column === "last" ? "last" : `-${column}`;
  return (sort ?? "name") === first ? second : first;
}
