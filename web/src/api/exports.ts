import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answered, answeredWithEtag, api, patient } from "./client";
import { Problem } from "./problem";
import type { components } from "./schema";

type Schemas = components["schemas"];
/** An export as the app shows it; one whose document cannot be read has only its id and what one may do with it. */
export type Export = Schemas["Export"];
export type ReadableExport = Export & Required<Omit<Export, "is_broken" | "etag">>;

const PAGE = 100;
const MOST_PAGES = 50;
const KEY = ["exports"] as const;

export function isReadable(found: Export): found is ReadableExport {
  return found.is_broken !== true && found.last_run !== undefined;
}

/** Tell whether a run of the export has not ended. */
export function hasRun(found: Export): boolean {
  const status = found.last_run?.status;
  return status === "queued" || status === "exporting" || status === "settling";
}

/** Every export, read page by page: search, order and filters then work on all of them. */
export const exportsQuery = queryOptions({
  queryKey: KEY,
  queryFn: async ({ signal }) => {
    const found: Export[] = [];
    let after: string | null = null;
    for (let page = 0; page < MOST_PAGES; page++) {
      const query = { limit: PAGE, ...(after === null ? {} : { after }) };
      const answer: Schemas["Exports"] = await answered(api.GET("/exports", { params: { query }, signal }));
      found.push(...answer.exports);
      after = answer.next && new URL(answer.next, location.origin).searchParams.get("after");
      if (after === null) return found;
    }
    return found;
  },
  refetchInterval: 30_000,
});

/** One export with the ETag of its document. */
export function exportQuery(id: string) {
  return queryOptions({
    queryKey: ["export", id],
    queryFn: async ({ signal }): Promise<Export> => readExport(id, signal),
  });
}

/** Look again at the exports of *running*, and put what is new into the table of all exports. */
export function useWatchedExports(running: readonly string[]): void {
  const queries = useQueryClient();
  useQuery({
    queryKey: ["running", ...running],
    queryFn: async ({ signal }) => {
      const found = await Promise.all(running.map((id) => readExport(id, signal).catch(goneOrThrow)));
      if (found.includes(null)) await queries.invalidateQueries({ queryKey: KEY });
      putExports(
        queries,
        found.filter((each) => each !== null),
      );
      return true;
    },
    enabled: running.length > 0,
    // Each looks at one export, so that the app is asked at most three times a second.
    refetchInterval: Math.max(2_000, running.length * 350),
  });
}

/** Start a run now; *key* is the Idempotency-Key of the click. */
export function useStartRun() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, key }: { id: string; key: string }) =>
      answered(
        api.POST("/exports/{export_id}/runs", {
          params: { path: { export_id: id }, header: { "Idempotency-Key": key } },
          body: {},
        }),
      ),
    onSettled: (_run, _problem, { id }) => lookAgain(queries, id),
  });
}

/** Start a run of every enabled export. */
export function useStartAllRuns() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (key: string) =>
      answered(
        api.POST("/runs", { params: { header: { "Idempotency-Key": key } }, body: {}, headers: patient }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}

/** Enable or disable an export; fails where somebody else has changed it since it was read. */
export function useEnableExport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ found, enabled }: { found: ReadableExport; enabled: boolean }) =>
      answered(
        api.PUT("/exports/{export_id}", {
          params: { path: { export_id: found.id }, ...ifMatch(found) },
          // The app ignores what it only shows, so the export goes back as it came.
          body: { ...found, enabled } as Schemas["ExportWish"],
        }),
      ),
    onSettled: (_saved, _problem, { found }) => lookAgain(queries, found.id),
  });
}

export function useDuplicateExport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ of, id, name }: { of: string; id: string; name: string }) =>
      answered(
        api.POST("/exports/{export_id}/duplicate", {
          params: { path: { export_id: of } },
          body: { id, display_name: name },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}

export function useRemoveExport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (found: Export) =>
      answered(
        api.DELETE("/exports/{export_id}", { params: { path: { export_id: found.id }, ...ifMatch(found) } }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}

type Queries = ReturnType<typeof useQueryClient>;

async function readExport(id: string, signal?: AbortSignal): Promise<Export> {
  const path = { export_id: id };
  const { data, etag } = await answeredWithEtag(
    api.GET("/exports/{export_id}", { params: { path }, ...(signal ? { signal } : {}) }),
  );
  return etag === null ? data : { ...data, etag };
}

function ifMatch(found: Export): { header?: { "If-Match": string } } {
  return found.etag === undefined ? {} : { header: { "If-Match": found.etag } };
}

async function lookAgain(queries: Queries, id: string): Promise<void> {
  const found = await readExport(id).catch(() => null);
  if (found) putExports(queries, [found]);
  else await queries.invalidateQueries({ queryKey: KEY });
}

function putExports(queries: Queries, found: readonly Export[]): void {
  const before = queries.getQueryState<Export[]>(KEY);
  const all = before?.data;
  if (!all) return;
  const byId = new Map(found.map((each) => [each.id, each]));
  queries.setQueryData<Export[]>(
    KEY,
    all.map((each) => byId.get(each.id) ?? each),
  );
  // What is put counts as the newest: a table that is to be read again, for example for a new export, must stay so.
  const known = new Set(all.map((each) => each.id));
  if (before.isInvalidated || found.some((each) => !known.has(each.id)))
    void queries.invalidateQueries({ queryKey: KEY });
}

function goneOrThrow(error: unknown): null {
  if (error instanceof Problem && error.status === 404) return null;
  throw error;
}
