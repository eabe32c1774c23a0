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

export type SegmentColumns = Pick<SegmentFolder, "columns" | "types" | "problem">;

/** The columns of one folder, and what a run could not read of it; the app reads the beginning of its files for that. */
export function segmentColumnsQuery(name: string) {
  return queryOptions({
    queryKey: ["segments", "columns", name],
    queryFn: async ({ signal }): Promise<SegmentColumns | null> => {
      const query = { segment: name, columns: "true" as const };
      const found = await answered(api.GET("/segments", { params: { query }, signal }));
      return found.segments[0] ?? null;
    },
    staleTime: 60_000,
  });
}
