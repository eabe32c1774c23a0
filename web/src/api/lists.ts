import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "./client";
import type { components } from "./schema";

export type Lists = components["schemas"]["Lists"];
export type ListChoice = Lists["lists"][number];

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
