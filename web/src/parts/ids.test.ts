import { expect, it } from "vitest";
import { idFrom, inLatin } from "./ids";

it.each([
  ["VIP newsletter", "vip-newsletter"],
  ["Щоденний VIP", "shchodennyi-vip"],
  ["Ім'я", "imia"],
  ["Müller & Söhne", "muller-sohne"],
  ["  --  ", "export"],
  ["日本", "export"],
])("makes an id of %j", (name, id) => {
  expect(idFrom(name, [], "export")).toBe(id);
});

it("makes an id that nobody has", () => {
  expect(idFrom("VIP", ["vip", "vip-2"], "export")).toBe("vip-3");
});

it("keeps to what an id may be", () => {
  const long = idFrom("щ".repeat(200), [], "export");
  const next = idFrom("щ".repeat(200), [long], "export");
  for (const id of [long, next]) expect(id).toMatch(/^[a-z0-9][a-z0-9-]{0,62}$/);
  expect(next).not.toBe(long);
});

it.each([
  ["Крамниця Київ", "Kramnytsia Kyiv"],
  ["Ім’я", "Imia"],
  ["Café ЩО", "Cafe ShchO"],
])("writes %j in Latin letters", (text, latin) => {
  expect(inLatin(text)).toBe(latin);
});
