import { expect, it } from "vitest";
import { isId } from "./export-id";

it("knows what can be an id", () => {
  expect(["vip", "2026-vip", "a".repeat(63)].every(isId)).toBe(true);
  expect(["", "-vip", "Vip", "vip_1", "a".repeat(64)].some(isId)).toBe(false);
});
