import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "./client";
import { everyPage, PAGE } from "./every-page";
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
