/** What an export can choose from: connections, lists of an account, folders of segments. */
import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type ConnectionChoice = Schemas["Connection"];
export type ListChoice = Schemas["Lists"]["lists"][number];
export type SegmentFolder = Schemas["Segment"];

const PAGE = 100;
const MOST_PAGES = 50;

/** Every connection, read page by page. */
export const connectionChoicesQuery = queryOptions({
  queryKey: ["connections", "choices"],
  queryFn: ({ signal }) =>
    everyPage(async (after) => {
      const query = { limit: PAGE, ...after };
      const { connections, next } = await answered(api.GET("/connections", { params: { query }, signal }));
      return { items: connections, next };
    }),
});

/**
 * The lists of the account of a connection, by name; *search* only where the account has more than the app reads.
 *
 * The app reads all pages of Klaviyo's answer for each call, so that one call is kept, and searched here.
 */
export function listsQuery(connectionId: string, search = "") {
  return queryOptions({
    queryKey: ["lists", connectionId, search],
    queryFn: ({ signal }) => {
      const path = { connection_id: connectionId };
      const query = search ? { search } : {};
      return answered(api.GET("/connections/{connection_id}/lists", { params: { path, query }, signal }));
    },
    staleTime: 5 * 60_000,
  });
}

/** Every folder of segments, with what the storage as a whole has to say. */
export const segmentFoldersQuery = queryOptions({
  queryKey: ["segments", "folders"],
  queryFn: async ({ signal }) => {
    const warnings: Schemas["Segments"]["warnings"] = [];
    const folders = await everyPage(async (after) => {
      const query = { limit: PAGE, ...after };
      const found = await answered(api.GET("/segments", { params: { query }, signal }));
      warnings.push(...found.warnings);
      return { items: found.segments, next: found.next };
    });
    return { folders, warnings };
  },
  staleTime: 60_000,
});

type Page<T> = { items: T[]; next: string | null };

async function everyPage<T>(read: (after: { after?: string }) => Promise<Page<T>>): Promise<T[]> {
  const found: T[] = [];
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { items, next }: Page<T> = await read(after === null ? {} : { after });
    found.push(...items);
    after = next && new URL(next, location.origin).searchParams.get("after");
    if (after === null) break;
  }
  return found;
}
