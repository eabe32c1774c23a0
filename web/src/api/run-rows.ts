/**
 * Calls about the rows of a run that were not taken. They have data of people: nothing keeps them beyond the screen,
 * and what one looks for among them never stands in an address.
 */
import { infiniteQueryOptions } from "@tanstack/react-query";
import { linesOf, type Rejected } from "../run/rules/rejected-rows";
import { jobsOf, type UnconfirmedJob } from "../run/rules/unconfirmed-jobs";
import { answeredLines, api } from "./client";
import type { RunId } from "./runs";

const PAGE = 100;
const MOST_LINES = 10_000;
/** A page of one reason may be short: the app reads so much of the rows, and no more, for one call. */
const MOST_CALLS = 10;
const NOT_KEPT = {
  gcTime: 0,
  staleTime: Number.POSITIVE_INFINITY,
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
} as const;

export type Lines<T> = { lines: T[]; after: number | null };

/** The rejected rows of one *reason*, or of all, page by page. */
export function rejectedPagesQuery(id: RunId, reason: string | null) {
  return infiniteQueryOptions({
    queryKey: ["rejected-pages", id.exportId, id.runId, reason],
    queryFn: async ({ pageParam, signal }): Promise<Lines<Rejected>> => {
      const lines: Rejected[] = [];
      let after: number | null = pageParam;
      for (let call = 0; call < MOST_CALLS; call++) {
        const page = await readRejections(id, { reason, after, limit: PAGE, format: "ndjson" }, signal);
        lines.push(...linesOf(page.text));
        after = page.after;
        if (after === null || lines.length >= PAGE) break;
      }
      return { lines, after };
    },
    initialPageParam: null as number | null,
    getNextPageParam: ({ after }) => after,
    ...NOT_KEPT,
  });
}

/** The import jobs of a run whose end could not be learnt, page by page. */
export function unconfirmedPagesQuery(id: RunId) {
  return infiniteQueryOptions({
    queryKey: ["unconfirmed-pages", id.exportId, id.runId],
    queryFn: async ({ pageParam, signal }): Promise<Lines<UnconfirmedJob>> => {
      const query = { limit: PAGE, ...(pageParam === null ? {} : { after: pageParam }) };
      const { text, next } = await answeredLines(
        api.GET("/exports/{export_id}/runs/{run_id}/unconfirmed", {
          params: { path: pathOf(id), query },
          parseAs: "text",
          signal,
        }),
      );
      return { lines: jobsOf(text), after: placeOf(next) };
    },
    initialPageParam: null as number | null,
    getNextPageParam: ({ after }) => after,
    ...NOT_KEPT,
  });
}

/** Return all rejected rows as parts of one CSV file, in order. */
export async function readRejectionsAsCsv(
  id: RunId,
  reason: string | null,
  signal: AbortSignal,
): Promise<string[]> {
  const parts: string[] = [];
  let after: number | null = null;
  do {
    const page: { text: string; after: number | null } = await readRejections(
      id,
      { reason, after, limit: MOST_LINES, format: "csv" },
      signal,
    );
    parts.push(page.text);
    after = page.after;
  } while (after !== null);
  return parts;
}

type Asked = { reason: string | null; after: number | null; limit: number; format: "csv" | "ndjson" };

async function readRejections(id: RunId, { reason, after, ...asked }: Asked, signal: AbortSignal) {
  const query = { ...asked, ...(reason === null ? {} : { reason }), ...(after === null ? {} : { after }) };
  const { text, next } = await answeredLines(
    api.GET("/exports/{export_id}/runs/{run_id}/rejections", {
      params: { path: pathOf(id), query },
      parseAs: "text",
      signal,
    }),
  );
  return { text, after: placeOf(next) };
}

function placeOf(next: URLSearchParams | null): number | null {
  const after = next?.get("after");
  return after == null ? null : Number(after);
}

function pathOf({ exportId, runId }: RunId): { export_id: string; run_id: string } {
  return { export_id: exportId, run_id: runId };
}
