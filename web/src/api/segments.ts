import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "./client";
import { everyPage, PAGE } from "./every-page";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type SegmentFolder = Schemas["Segment"];

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
