import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "./client";
import { Problem } from "./problem";
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

/** Make a list in the account of a connection; the lists that were read have it from then on. */
export function useMakeList(connectionId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      answered(
        api.POST("/connections/{connection_id}/lists", {
          params: { path: { connection_id: connectionId } },
          body: { name },
        }),
      ),
    onSuccess: (made) => {
      queries.setQueryData<Lists>(listsQuery(connectionId).queryKey, (known) =>
        known ? { ...known, lists: [...known.lists, made] } : known,
      );
    },
  });
}

/** Return the id of the list that has the name already, where that is why *error* came; null otherwise. */
export function existingList(error: Error | null): string | null {
  if (!(error instanceof Problem) || error.code !== "list_exists") return null;
  const id = error.more["list_id"];
  return typeof id === "string" ? id : null;
}
