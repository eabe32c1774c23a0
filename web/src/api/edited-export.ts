/** Calls of the form of an export: read it, check the draft, save it. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, answeredWithEtag, api } from "./client";
import { type FieldError, Problem } from "./problem";
import type { components } from "./schema";

type Schemas = components["schemas"];
type Wish = Schemas["ExportWish"];
export type ReadExport = { shown: Schemas["Export"]; etag: string };
/** What the app says of a draft that is not saved. */
export type Check = { errors: FieldError[]; shown: Schemas["Export"] | null; isConflict: boolean };

/** An export for the form: read anew each time, since it is edited from there. */
export function editedExportQuery(id: string) {
  return queryOptions({
    queryKey: ["edited-export", id],
    queryFn: ({ signal }) => readForEditing(id, signal),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

export async function readForEditing(id: string, signal?: AbortSignal): Promise<ReadExport> {
  const path = { export_id: id };
  const { data, etag } = await answeredWithEtag(
    api.GET("/exports/{export_id}", { params: { path }, ...(signal ? { signal } : {}) }),
  );
  return { shown: data, etag: etag ?? "" };
}

/** Check *wish* as a save would, over the version *etag*, null for a new export. */
export function checkQuery(id: string, wish: Wish, etag: string | null) {
  return queryOptions({
    queryKey: ["check", id, etag, wish],
    queryFn: ({ signal }) => check(id, wish, etag, signal),
    staleTime: 30_000,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });
}

/**
 * Ask what the app says of some fields, whatever is wrong with the others: *wish* has stand-ins for these.
 *
 * Example: the next times of a schedule, before the export has a list. With *asksKlaviyo* also of the list and its flows.
 */
export function probeQuery(id: string, wish: Wish, asksKlaviyo: boolean) {
  return queryOptions({
    queryKey: ["probe", id, wish, asksKlaviyo],
    queryFn: async ({ signal }): Promise<Check> => {
      const query = { dry_run: "true" as const, ...(asksKlaviyo ? { validate: "klaviyo" as const } : {}) };
      return checked(
        answered(
          api.PUT("/exports/{export_id}", { params: { path: { export_id: id }, query }, body: wish, signal }),
        ),
      );
    },
    staleTime: 60_000,
  });
}

/** Save an export: a new one only where there is none yet, another one only over the version that was read. */
export function useSaveExport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({
      id,
      wish,
      etag,
    }: {
      id: string;
      wish: Wish;
      etag: string | null;
    }): Promise<ReadExport> => {
      const saved = await answeredWithEtag(
        api.PUT("/exports/{export_id}", {
          params: { path: { export_id: id }, header: only(etag) },
          body: wish,
        }),
      );
      return { shown: saved.data, etag: saved.etag ?? "" };
    },
    onSuccess: (saved) =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ["exports"] }),
        queries.invalidateQueries({ queryKey: ["export", saved.shown.id] }),
      ]),
  });
}

async function check(id: string, wish: Wish, etag: string | null, signal: AbortSignal): Promise<Check> {
  return checked(
    answered(
      api.PUT("/exports/{export_id}", {
        params: { path: { export_id: id }, query: { dry_run: "true" }, header: only(etag) },
        body: wish,
        signal,
      }),
    ),
  );
}

async function checked(call: Promise<Schemas["Export"]>): Promise<Check> {
  try {
    return { errors: [], shown: await call, isConflict: false };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 412) return { errors: [], shown: null, isConflict: true };
    if (error.status === 400 && error.errors.length > 0)
      return { errors: [...error.errors], shown: null, isConflict: false };
    throw error;
  }
}

function only(etag: string | null): { "If-Match": string } | { "If-None-Match": "*" } {
  return etag === null ? { "If-None-Match": "*" } : { "If-Match": etag };
}
