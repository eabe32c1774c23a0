/** What the app says of the draft, asked a moment after each change. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { checkQuery } from "../../api/edited-export";
import type { FieldError } from "../../api/problem";
import { wishOf } from "./draft";
import type { DraftState } from "./draft-state";
import { isShown } from "./draft-state";
import { isId } from "./export-id";
import type { Finding } from "./findings";

const PAUSE = 600;
/** Stands for the id while it cannot be one, so that everything else is checked. */
export const STAND_IN_ID = "new-export-not-saved-yet";

export type DraftCheck = {
  errors: FieldError[];
  warnings: Finding[];
  /** Somebody else has changed the export since it was read, or has taken the id of the new one. */
  isConflict: boolean;
  isChecking: boolean;
  problem: Error | null;
};

export function useDraftCheck(state: DraftState, isEnabled: boolean): DraftCheck {
  const wish = wishOf(state.draft);
  const asked = useDebounced(
    JSON.stringify([isId(state.draft.id) ? state.draft.id : STAND_IN_ID, wish]),
    PAUSE,
  );
  const [id, askedWish] = JSON.parse(asked) as [string, typeof wish];
  const found = useQuery({ ...checkQuery(id, askedWish, state.base?.etag ?? null), enabled: isEnabled });
  const errors = (found.data?.errors ?? []).filter((each) => isShown(state, each.pointer));
  return {
    errors,
    warnings: (found.data?.shown?.warnings ?? []).filter((each) => isShown(state, each.pointer ?? "")),
    isConflict: found.data?.isConflict === true && !found.isPlaceholderData,
    isChecking: found.isFetching,
    problem: found.error,
  };
}

export function useDebounced<T>(value: T, pause: number): T {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), pause);
    return () => clearTimeout(timer);
  }, [value, pause]);
  return settled;
}
