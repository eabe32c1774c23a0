/** Calls about one run: how it stands, what becomes of it, and which rows it did not bring across. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { linesOf, type Rejected } from "../run/rules/rejected-rows";
import { answered, api } from "./client";
import { Problem } from "./problem";
import type { components } from "./schema";

export type Run = components["schemas"]["Run"];
export type RunId = { exportId: string; runId: string };

/** So many rejected rows are shown; a person looks at examples, not at all of them. */
export const SHOWN_ROWS = 25;
const QUICK = 2_000;
const SLOW = 5_000;

/** A run, looked at again until it has ended, while somebody sees the tab; seldom while it waits. */
export function runQuery(id: RunId) {
  return queryOptions({
    queryKey: ["run", id.exportId, id.runId],
    queryFn: ({ signal }) =>
      answered(api.GET("/exports/{export_id}/runs/{run_id}", { params: { path: pathOf(id) }, signal })),
    refetchInterval: ({ state }) => {
      if (state.error && isGone(state.error)) return false;
      if (state.data?.ended_at != null) return false;
      return state.data?.waiting ? SLOW : QUICK;
    },
  });
}

/** Tell whether there is no such run, so that asking again is of no use. */
export function isGone(error: Error): boolean {
  return error instanceof Problem && error.status === 404;
}

/** The id of the run whose files changed while it read them, so that the run *id* followed; null where it is gone. */
export function runBeforeQuery(id: RunId) {
  return queryOptions({
    queryKey: ["run-before", id.exportId, id.runId],
    queryFn: async ({ signal }) => {
      const query = { before: id.runId, limit: 20 };
      const path = { export_id: id.exportId };
      const { runs } = await answered(
        api.GET("/exports/{export_id}/runs", { params: { path, query }, signal }),
      );
      return runs.find((each) => "next_run_id" in each && each.next_run_id === id.runId)?.id ?? null;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The first rejected rows, of one *reason* or of all. They have data of people, so nothing keeps them. */
export function rejectedRowsQuery(id: RunId, reason: string | null) {
  return queryOptions({
    queryKey: ["rejected-rows", id.exportId, id.runId, reason],
    queryFn: async ({ signal }): Promise<Rejected[]> => {
      const query = { limit: SHOWN_ROWS, ...(reason === null ? {} : { reason }) };
      const text = await answered(
        api.GET("/exports/{export_id}/runs/{run_id}/rejections", {
          params: { path: pathOf(id), query },
          parseAs: "text",
          signal,
        }),
      );
      return linesOf(text);
    },
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

/** Ask a run to stop; *waits* says whether it first learns what became of the rows that were sent. */
export function useStopRun(id: RunId) {
  return useAfterwards(id, (waits: boolean) =>
    answered(
      api.DELETE("/exports/{export_id}/runs/{run_id}", {
        params: { path: pathOf(id), ...(waits ? {} : { query: { settle: "no" as const } }) },
      }),
    ),
  );
}

/** Take up a waiting run now. */
export function useWakeRun(id: RunId) {
  return useAfterwards(id, () =>
    answered(api.POST("/exports/{export_id}/runs/{run_id}/wake", { params: { path: pathOf(id) } })),
  );
}

/** A change of the run *id*, after which one looks at it again. */
function useAfterwards<T, V>(id: RunId, change: (value: V) => Promise<T>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => queries.invalidateQueries({ queryKey: runQuery(id).queryKey }),
  });
}

function pathOf({ exportId, runId }: RunId): { export_id: string; run_id: string } {
  return { export_id: exportId, run_id: runId };
}
