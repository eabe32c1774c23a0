/** What the address of the home screen says of its table, so that a reload and the back button show the same. */
export type HomeSearch = {
  q?: string;
  status?: string;
  sort?: string;
  page?: number;
};

export function readHomeSearch(search: Record<string, unknown>): HomeSearch {
  const found: HomeSearch = {};
  if (typeof search["q"] === "string" && search["q"]) found.q = search["q"];
  if (typeof search["status"] === "string" && search["status"]) found.status = search["status"];
  if (typeof search["sort"] === "string" && search["sort"]) found.sort = search["sort"];
  const page = Number(search["page"]);
  if (Number.isInteger(page) && page > 1) found.page = page;
  return found;
}
