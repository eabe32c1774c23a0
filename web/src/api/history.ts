/** Calls that list runs: those of all exports or of one, newest first. */
import { infiniteQueryOptions } from "@tanstack/react-query";
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
