import { expect, it } from "vitest";
import { idOf, isId } from "./export-id";

it.each([
  ["VIP newsletter", "vip-newsletter"],
  ["  Win back — 2026!  ", "win-back-2026"],
  ["Щоденна розсилка", "shchodenna-rozsylka"],
  ["Ім'я", "imia"],
  ["Müller & Söhne", "muller-sohne"],
  ["日本", ""],
  [`${"a".repeat(62)} b`, "a".repeat(62)],
])("makes of %s the id %s", (name, id) => {
  expect(idOf(name)).toBe(id);
});

it("knows what can be an id", () => {
  expect(["vip", "2026-vip", "a".repeat(63)].every(isId)).toBe(true);
  expect(["", "-vip", "Vip", "vip_1", "a".repeat(64)].some(isId)).toBe(false);
});
