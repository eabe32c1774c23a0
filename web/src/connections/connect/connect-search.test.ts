import { expect, it } from "vitest";
import { readConnectSearch } from "./connect-search";

it.each([
  [{}, {}],
  [{ step: "name" }, {}],
  [{ step: "key" }, { step: "key" }],
  [{ step: "nonsense" }, {}],
  [{ id: 2026 }, { id: "2026" }],
  [{ id: "" }, {}],
])("reads %j", (search, read) => {
  expect(readConnectSearch(search)).toEqual(read);
});
