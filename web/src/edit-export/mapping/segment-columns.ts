import { useQueries } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { components } from "../../api/schema";
import { columnsOfSegments, type SegmentColumns } from "./rules/columns";

export type Reading = components["schemas"]["ExportWish"]["reading"];

/** Values are asked for of so many segments: each answer reads files, and three values are enough to know a column. */
const WITH_VALUES = 5;
/** No file has this column, so that the app takes no column for the e-mail address and shows values of all. */
const NO_COLUMN = "(the column is not chosen yet)";
const ROWS = 1;

/**
 * Return the columns of *segments* with some of their values.
 *
 * Values come from a preview over the connection, as only people who may preview see them; without a connection, or
 * without that right, columns come without values. They are people's data: nothing is kept when the screen is left.
 */
export function useSegmentColumns(
  segments: readonly string[],
  { connectionId = null, reading = null }: { connectionId?: string | null; reading?: Reading } = {},
) {
  return useQueries({
    queries: segments.map((segment, index) => ({
      queryKey: ["segmentColumns", segment, index < WITH_VALUES ? connectionId : null, reading],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        look(segment, index < WITH_VALUES ? connectionId : null, reading, signal),
      gcTime: 0,
      staleTime: Number.POSITIVE_INFINITY,
    })),
    combine: (results) => ({
      columns: columnsOfSegments(results.flatMap(({ data }) => data ?? [])),
      isLoading: results.some(({ isLoading }) => isLoading),
      problem: results.find(({ error }) => error !== null)?.error ?? null,
    }),
  });
}

async function look(
  segment: string,
  connectionId: string | null,
  reading: Reading,
  signal: AbortSignal,
): Promise<SegmentColumns> {
  const preview = connectionId === null ? null : await lookAtRows(segment, connectionId, reading, signal);
  if (preview) return { segment, columns: preview.columns.found, values: preview.columns.values };
  const query = { segment, columns: "true" } as const;
  const found = await answered(api.GET("/segments", { params: { query }, signal }));
  return { segment, columns: found.segments[0]?.columns ?? [], values: {} };
}

/** Return what a preview sees in *segment*, null where nobody may see it or no row is there. */
async function lookAtRows(segment: string, connectionId: string, reading: Reading, signal: AbortSignal) {
  const draft: components["schemas"]["PreviewedExport"] = {
    display_name: "columns",
    connection_id: connectionId,
    list_id: null,
    segments: [segment],
    mapping: { email: NO_COLUMN },
    allow_flows: false,
    enabled: false,
    ...(reading ? { reading } : {}),
  };
  const call = api.POST("/exports/{export_id}/preview", {
    params: { path: { export_id: "columns" } },
    body: { limit: ROWS, export: draft },
    signal,
  });
  const preview = await answered(call).catch(() => null);
  signal.throwIfAborted();
  return preview && preview.columns.found.length > 0 ? preview : null;
}
