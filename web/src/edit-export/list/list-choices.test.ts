import { expect, it } from "vitest";
import { offered } from "./list-choices";

const LISTS = [
  { id: "Y6nRLr", name: "VIP customers", opt_in: null },
  { id: "Bday01", name: "Дні народження", opt_in: null },
  { id: "NwsLtr", name: "Newsletter, VIP", opt_in: null },
];
const ids = (text: string) => offered(LISTS, text).lists.map((each) => each.id);

it("finds lists by a part of the name in any case, and by id", () => {
  expect(ids("")).toEqual(["Y6nRLr", "Bday01", "NwsLtr"]);
  expect(ids("vip ")).toEqual(["Y6nRLr", "NwsLtr"]);
  expect(ids("НАРОДЖ")).toEqual(["Bday01"]);
  expect(ids("y6nr")).toEqual(["Y6nRLr"]);
});

it("offers a typed text as an id where it can be one and is not that of a list in sight", () => {
  const typed = ["Abc123", "Y6nRLr", "not an id", ""].map((text) => offered(LISTS, text).typedId);
  expect(typed).toEqual(["Abc123", null, null, null]);
});

it("shows at most fifty lists, and says how many more there are", () => {
  const many = Array.from({ length: 60 }, (_, index) => ({ id: `L${index}`, name: "List", opt_in: null }));
  const found = offered(many, "list");
  expect([found.lists.length, found.more]).toEqual([50, 10]);
});
