import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, answeredWithEtag, api, patient } from "./client";
import { everyPage, PAGE } from "./every-page";
import { Problem } from "./problem";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Connection = Schemas["Connection"];
/** A connection as administrators see it. */
export type WholeConnection = Connection &
  Required<Pick<Connection, "display_name" | "shared_with" | "secret_name" | "consent">>;
export type ConnectionWish = Schemas["ConnectionWish"];
export type Consent = NonNullable<Connection["consent"]>;
export type ConnectionCheck = Schemas["ConnectionCheck"];
export type SharedWith = NonNullable<Connection["shared_with"]>;
/** What becomes of the exports over a connection that is removed. */
export type Fate = "remove" | "detach";
export type ReadConnection = { shown: Connection; etag: string };
export type Save = { id: string; wish: ConnectionWish; etag: string | null };

/** Tell whether all of the connection is seen: only administrators see more than id and name. */
export function isWhole(shown: Connection): shown is WholeConnection {
  return shown.secret_name !== undefined && shown.consent !== undefined;
}

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

/** One connection with its ETag. */
export function connectionQuery(id: string) {
  return queryOptions({
    queryKey: ["connections", "one", id],
    queryFn: async ({ signal }): Promise<ReadConnection> => {
      const path = { connection_id: id };
      const { data, etag } = await answeredWithEtag(
        api.GET("/connections/{connection_id}", { params: { path }, signal }),
      );
      return { shown: data, etag: etag ?? "" };
    },
    staleTime: 0,
    retry: (count, error) => count < 1 && !(error instanceof Problem && error.status < 500),
  });
}

/** The texts of the consent in *language*. */
export function consentQuery(language: "en" | "uk") {
  return queryOptions({
    queryKey: ["consent", language],
    queryFn: ({ signal }) => answered(api.GET("/consent", { params: { query: { language } }, signal })),
    staleTime: 60 * 60_000,
  });
}

/** What Klaviyo says of a connection; asked where a screen wants it, and kept for a while. */
export function trialQuery(id: string) {
  return queryOptions({
    queryKey: ["trial", id],
    queryFn: async ({ signal, client }) => {
      const path = { connection_id: id };
      const check = await answered(
        api.POST("/connections/{connection_id}/test", { params: { path }, body: {}, signal }),
      );
      // The app has noted the account that it found, so that the connection has another version now.
      await client.invalidateQueries({ queryKey: connectionQuery(id).queryKey });
      return check;
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30 * 60_000,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

/** Check what a save would check, and save nothing; throws the `Problem`. */
export function useCheckConnection() {
  // The key is part of the call, and is not kept with it.
  return useMutation({ mutationFn: (save: Save) => put(save, true), gcTime: 0 });
}

/** Save a connection: a new one only where there is none yet, another one only over the version that was read. */
export function useSaveConnection() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (save: Save) => put(save, false),
    gcTime: 0,
    onSuccess: async (read, { id, wish }) => {
      const { queryKey } = connectionQuery(id);
      const before = queries.getQueryData(queryKey)?.shown;
      queries.setQueryData(queryKey, read);
      const hasOtherKey = wish.api_key || before?.secret_name !== read.shown.secret_name;
      const hasOtherLists = hasOtherKey || wish.account_id !== undefined;
      if (hasOtherLists) queries.removeQueries({ queryKey: ["lists", id] });
      // What a test said before is true no more.
      if (hasOtherLists || wish.consent) await queries.resetQueries({ queryKey: ["trial", id] });
    },
    onSettled: () => lookAgain(queries),
  });
}

export function useRemoveConnection() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, etag, fate }: { id: string; etag: string | null; fate: Fate | null }) =>
      answered(
        api.DELETE("/connections/{connection_id}", {
          params: {
            path: { connection_id: id },
            ...(fate ? { query: { exports: fate } } : {}),
            ...(etag ? { header: { "If-Match": etag } } : {}),
          },
          headers: patient,
        }),
      ),
    onSuccess: (_, { id }) => {
      for (const queryKey of [
        ["connections", "one", id],
        ["trial", id],
        ["lists", id],
      ])
        queries.removeQueries({ queryKey });
    },
    onSettled: () => lookAgain(queries),
  });
}

async function put({ id, wish, etag }: Save, isDry: boolean): Promise<ReadConnection> {
  const saved = await answeredWithEtag(
    api.PUT("/connections/{connection_id}", {
      params: {
        path: { connection_id: id },
        header: etag === null ? { "If-None-Match": "*" } : { "If-Match": etag },
        ...(isDry ? { query: { dry_run: "true" as const } } : {}),
      },
      body: wish,
    }),
  );
  return { shown: saved.data, etag: saved.etag ?? "" };
}

/** What connections are changes what exports may do. */
async function lookAgain(queries: ReturnType<typeof useQueryClient>): Promise<void> {
  await Promise.all(
    [["connections"], ["exports"], ["check"], ["probe"]].map((queryKey) =>
      queries.invalidateQueries({ queryKey }),
    ),
  );
}
