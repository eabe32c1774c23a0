import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { answered, api } from "./client";
import type { components } from "./schema";

export type Me = components["schemas"]["Me"];

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => answered(api.GET("/me", { signal })),
  staleTime: 5 * 60_000,
});

/** Return who is asking; the shell shows no screen before that is known. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}
