import { expect, it } from "vitest";
import { emptyDraft } from "./draft";
import { nextState, startOf } from "./draft-state";
import { withPageErrors } from "./page-errors";

const fresh = startOf(emptyDraft(), null);
const tried = nextState(fresh, { kind: "tried" });
const named = nextState(fresh, { kind: "change", change: { display_name: "VIP", connection_id: "acme" } });
const NO_LIST = { pointer: "/list_id", code: "text_missing", params: {}, detail: "" };
const codes = (...given: Parameters<typeof withPageErrors>) =>
  withPageErrors(...given).map((each) => each.code);

it("asks for a connection when somebody wants to save, and for a list when there is one", () => {
  expect(codes(fresh, [], false)).toEqual([]);
  expect(codes(tried, [NO_LIST], false)).toEqual(["page_connection_needed"]);
  expect(codes(named, [NO_LIST], false)).toEqual(["page_list_needed"]);
});

it("says what is wrong with an id", () => {
  expect(codes(nextState(named, { kind: "id", id: "-vip" }), [], false)).toEqual(["page_id_wrong"]);
  expect(codes(named, [], true)).toEqual(["page_id_taken"]);
  const unwritable = nextState(tried, {
    kind: "change",
    change: { display_name: "日本", connection_id: "acme" },
  });
  expect(codes(unwritable, [], false)).toEqual(["page_id_wrong"]);
});

it("leaves a stored export to the app, which takes one without a connection", () => {
  const stored = startOf({ ...emptyDraft(), id: "vip" }, { draft: emptyDraft(), etag: "1" });
  expect(codes(nextState(stored, { kind: "tried" }), [NO_LIST], false)).toEqual(["page_list_needed"]);
});

it("says what one does in an empty field, and leaves every other problem as it is", () => {
  const other = { ...NO_LIST, code: "not_a_list_id" };
  const zone = { ...NO_LIST, pointer: "/schedule/time_zone" };
  expect(codes(named, [other, zone], false)).toEqual(["not_a_list_id", "text_missing"]);
});
