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
  const said = errors.map(inWordsOfTheForm);
  if (state.base !== null) return said;
  const { id, connection_id } = state.draft;
  const found: FieldError[] = [];
  if (connection_id === null && state.wasTried) found.push(error("/connection_id", "page_connection_needed"));
  const isBadId = !isId(id) && (id !== "" || (state.wasTried && state.draft.display_name !== ""));
  if (isBadId) found.push(error("/id", "page_id_wrong"));
  else if (isTaken) found.push(error("/id", "page_id_taken", { id }));
  // Lists are shown once there is a connection.
  const others = connection_id === null ? said.filter((each) => each.pointer !== "/list_id") : said;
  return [...found, ...others];
}

/** What the app says of an empty field, by the pointer: the form says what one does there. */
const EMPTY: Readonly<Record<string, string>> = {
  "/display_name": "page_name_needed",
  "/list_id": "page_list_needed",
  "/segments": "page_segment_needed",
  "/mapping/email": "page_email_needed",
};

function inWordsOfTheForm(each: FieldError): FieldError {
  const code = EMPTY[each.pointer];
  const isEmpty = each.code === "text_missing" || each.code === "not_a_list_of_texts";
  return code !== undefined && isEmpty ? error(each.pointer, code) : each;
}

function error(pointer: string, code: string, params: FieldError["params"] = {}): FieldError {
  return { pointer, code, params, detail: code };
}
