/** The state of the form: what was read, what is edited, and which fields one has been at. */
import { useReducer } from "react";
import { idFrom } from "../../parts/ids";
import { type DraftField, type ExportDraft, FIELDS, isSame, isSameValue } from "./draft";

/** The stored version that the draft began from; null for a new export. */
export type Base = { draft: ExportDraft; etag: string };

export type DraftState = {
  base: Base | null;
  draft: ExportDraft;
  /** A new draft as it was at the start; dirty is what differs from it. */
  start: ExportDraft;
  /** The id is the person's own, and does not follow the name any more. */
  isIdTyped: boolean;
  /** Fields that were changed; only at these a problem is shown before somebody wanted to save. */
  touched: ReadonlySet<string>;
  /** Somebody wanted to save, so that every problem is shown. */
  wasTried: boolean;
  /** Counts how often the whole draft was replaced: editors with a state of their own begin anew. */
  version: number;
};

export type DraftAction =
  | { kind: "change"; change: Partial<Pick<ExportDraft, DraftField>> }
  | { kind: "id"; id: string }
  | { kind: "tried" }
  | { kind: "saved"; base: Base }
  | { kind: "takeTheirs"; base: Base }
  | { kind: "keepMine"; base: Base };

export function startOf(draft: ExportDraft, base: Base | null): DraftState {
  const isIdTyped = base !== null || draft.id !== "";
  const whole = isIdTyped ? draft : { ...draft, id: idOf(draft.display_name) };
  return { base, draft: whole, start: whole, isIdTyped, touched: new Set(), wasTried: false, version: 0 };
}

export function nextState(state: DraftState, action: DraftAction): DraftState {
  switch (action.kind) {
    case "change": {
      const draft = { ...state.draft, ...action.change };
      if (!state.isIdTyped && action.change.display_name !== undefined)
        draft.id = idOf(action.change.display_name);
      const touched = FIELDS.filter((field) => !isSameValue(draft[field], state.draft[field]));
      return { ...state, draft, touched: new Set([...state.touched, ...touched]) };
    }
    case "id": {
      // An emptied id follows the name again.
      const isIdTyped = action.id !== "";
      const id = isIdTyped ? action.id : idOf(state.draft.display_name);
      return {
        ...state,
        draft: { ...state.draft, id },
        isIdTyped,
        touched: new Set([...state.touched, "id"]),
      };
    }
    case "tried":
      return { ...state, wasTried: true };
    case "saved":
      return begun(state, action.base, action.base.draft);
    case "takeTheirs":
      return { ...begun(state, action.base, action.base.draft), version: state.version + 1 };
    case "keepMine":
      return { ...state, base: action.base, start: action.base.draft };
  }
}

export function isDirty(state: DraftState): boolean {
  return !isSame(state.draft, state.start);
}

/** Tell whether a problem at *pointer* is shown now. */
export function isShown(state: DraftState, pointer: string): boolean {
  return state.base !== null || state.wasTried || state.touched.has(pointer.split("/")[1] ?? "");
}

export function useDraft(draft: ExportDraft, base: Base | null) {
  return useReducer(nextState, startOf(draft, base));
}

function begun(state: DraftState, base: Base, draft: ExportDraft): DraftState {
  return { ...state, base, draft, start: draft, isIdTyped: true, touched: new Set(), wasTried: false };
}

/** Return the id that is made from *name*; empty where no letter of it can stand in an id. */
function idOf(name: string): string {
  return idFrom(name, [], "");
}
