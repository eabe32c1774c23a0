import { expect, it } from "vitest";
import { mayReload } from "./reload";

it("loads the page again once, not round in circles", () => {
  const now = 1_000_000;
  expect(mayReload(now, 0)).toBe(true);
  expect(mayReload(now, now - 5_000)).toBe(false);
  expect(mayReload(now, now - 120_000)).toBe(true);
});
