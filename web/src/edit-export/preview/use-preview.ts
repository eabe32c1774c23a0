import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { answered, api } from "../../api/client";
import type { Draft } from "./preview-rules";

/** So many rows are shown. */
export const ROWS = 20;

/** Stands for the id or the name that a new export does not have yet. */
const STAND_IN = "preview";

/**
 * A preview of a draft, made when somebody asks for it.
 *
 * It holds people's data: it is never read from a cache, and is dropped when the screen is left.
 */
export function usePreview(exportId: string) {
  const id = useId();
  const [asked, setAsked] = useState<{ number: number; draft: Draft } | null>(null);
  const query = useQuery({
    queryKey: ["preview", exportId, id, asked?.number],
    queryFn: async ({ signal }) => {
      if (asked === null) throw new Error("nobody has asked for a preview");
      const { draft } = asked;
      const call = api.POST("/exports/{export_id}/preview", {
        params: { path: { export_id: exportId || STAND_IN } },
        body: { limit: ROWS, export: { ...draft, display_name: draft.display_name.trim() || STAND_IN } },
        signal,
      });
      return { draft, preview: await answered(call) };
    },
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnReconnect: false,
    refetchOnWindowFocus: false,
  });
  const ask = (draft: Draft): void => setAsked({ number: (asked?.number ?? 0) + 1, draft });
  return {
    ask,
    asked: asked?.draft ?? null,
    shown: query.data ?? null,
    problem: query.error,
    isBusy: query.isFetching,
  };
}
