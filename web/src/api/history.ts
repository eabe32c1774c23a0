/** Calls that list runs: those of all exports or of one, newest first. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { secondsOnly } from "../history/history-search";
import { answered, api } from "./client";
import type { components, operations } from "./schema";

type Schemas = components["schemas"];
/** A run in a list; one whose document is damaged has only its ids. */
export type ListedRun = Schemas["Runs"]["runs"][number];
export type ReadRun = Schemas["Run"];
export type RunsAsked = Omit<
  NonNullable<operations["list_runs_of_all_exports"]["parameters"]["query"]>,
  "limit" | "before"
>;
export type RunsPage = { runs: ListedRun[]; before: string | null };

const PAGE = 50;
/** One call of the app looks at 200 runs; where a filter lets few through, so many calls are made before one is asked. */
const MOST_CALLS = 5;
const AGAIN = 30_000;
const LARGE_PAGE = 100;
/** Ninety days of a run an hour are fewer. */
const MOST_DRAWN = 2_500;

export function isRead(run: ListedRun): run is ReadRun {
  return !("is_broken" in run);
}

/** The runs that *asked* lets through, page by page; the first page is looked at again as long as it is the only one. */
export function historyQuery(asked: RunsAsked) {
  return infiniteQueryOptions({
    queryKey: ["history", asked],
    queryFn: ({ pageParam, signal }) =>
      readRuns(asked, pageParam, signal, { enough: PAGE, calls: MOST_CALLS }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ before }) => before,
    refetchInterval: ({ state }) => (state.data?.pages.length === 1 ? AGAIN : false),
  });
}

/** The runs of an export that were asked for *since* then, as many as are drawn. */
export function recentRunsQuery(exportId: string, since: Date) {
  const asked = { export_id: exportId, since: secondsOnly(since) };
  return queryOptions({
    queryKey: ["history", "recent", asked],
    queryFn: ({ signal }) =>
      readRuns(asked, null, signal, {
        enough: MOST_DRAWN,
        calls: MOST_DRAWN / LARGE_PAGE,
        limit: LARGE_PAGE,
      }),
    staleTime: 60_000,
  });
}

/** Return *enough* runs that come after the run *from*, or fewer where *calls* calls do not find so many. */
export async function readRuns(
  asked: RunsAsked,
  from: string | null,
  signal: AbortSignal,
  { enough, calls, limit = PAGE }: { enough: number; calls: number; limit?: number },
): Promise<RunsPage> {
  const runs: ListedRun[] = [];
  let before = from;
  for (let call = 0; call < calls; call++) {
    const query = { ...asked, limit, ...(before === null ? {} : { before }) };
    const page: Schemas["Runs"] = await answered(api.GET("/runs", { params: { query }, signal }));
    runs.push(...page.runs);
    before = page.next && new URL(page.next, location.origin).searchParams.get("before");
    if (before === null || runs.length >= enough) break;
  }
  return { runs, before };
}
