import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "./client";
import type { components } from "./schema";

export type Connection = components["schemas"]["Connection"];

/** Whether there is any connection. */
export const anyConnectionQuery = queryOptions({
  queryKey: ["connections", "any"],
  queryFn: async ({ signal }) => {
    const answer = await answered(api.GET("/connections", { params: { query: { limit: 1 } }, signal }));
    return answer.connections.length > 0;
  },
});
