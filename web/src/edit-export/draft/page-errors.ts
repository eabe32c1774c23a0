/** What the page itself says of a new draft: the app would take an export without a connection, and knows no wish to save. */
import type { FieldError } from "../../api/problem";
import type { DraftState } from "./draft-state";
import { isId } from "./export-id";

/** Return *errors* of the app with those of the page; *isTaken* tells that another export has the id. */
export function withPageErrors(
  state: DraftState,
  errors: readonly FieldError[],
  isTaken: boolean,
): FieldError[] {
  if (state.base !== null) return [...errors];
  const { id, connection_id } = state.draft;
  const found: FieldError[] = [];
  if (connection_id === null && state.wasTried) found.push(error("/connection_id", "page_connection_needed"));
  const isBadId = !isId(id) && (id !== "" || (state.wasTried && state.draft.display_name !== ""));
  if (isBadId) found.push(error("/id", "page_id_wrong"));
  else if (isTaken) found.push(error("/id", "page_id_taken", { id }));
  // Lists are shown once there is a connection.
  const others = connection_id === null ? errors.filter((each) => each.pointer !== "/list_id") : errors;
  return [...found, ...others];
}

function error(pointer: string, code: string, params: FieldError["params"] = {}): FieldError {
  return { pointer, code, params, detail: code };
}
