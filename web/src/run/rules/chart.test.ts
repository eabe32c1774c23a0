import { describe, expect, it } from "vitest";
import { chartOf, thinned } from "./chart";

const BOX = { width: 100, height: 50 };

function sample(seconds: number, row: number, throttled = 0) {
  const at = new Date(Date.parse("2026-11-28T06:00:00Z") + seconds * 1000).toISOString();
  return { at, row, jobs_ended: 0, requests: 0, throttled };
}

describe("the picture", () => {
  it("needs two seconds", () => {
    expect(chartOf([], BOX)).toBeNull();
    expect(chartOf([sample(0, 0)], BOX)).toBeNull();
    expect(chartOf([sample(0, 0), sample(1, 1000)], BOX)).toBeNull();
  });

  it("draws rows upwards and time to the right, up to a round number", () => {
    const chart = chartOf([sample(0, 0), sample(5, 900), sample(20, 1800)], BOX);
    expect(chart?.line).toBe("M0 50 L25 27.5 L100 5");
    expect(chart?.area).toBe("M0 50 L25 27.5 L100 5 L100 50 L0 50 Z");
    expect(chart?.rows.map(({ value }) => value)).toEqual([0, 500, 1000, 1500, 2000]);
    expect(chart?.seconds.map(({ value }) => value)).toEqual([0, 5, 10, 15, 20]);
    expect(chart?.last).toEqual({ x: 100, y: 5 });
  });

  it("marks the moments at which Klaviyo asked to slow down", () => {
    const chart = chartOf([sample(0, 0), sample(4, 10, 2), sample(8, 20, 2), sample(10, 30, 3)], BOX);
    expect(chart?.slowed).toEqual([40, 100]);
  });

  it("counts whole rows where there are few", () => {
    const chart = chartOf([sample(0, 0), sample(2, 3)], BOX);
    expect(chart?.rows.map(({ value }) => value)).toEqual([0, 1, 2, 3]);
  });

  it("needs a row", () => {
    expect(chartOf([sample(0, 0), sample(9, 0)], BOX)).toBeNull();
  });
});

it("thins the table out evenly, with its ends", () => {
  const all = Array.from({ length: 100 }, (_, index) => index);
  expect(thinned(all, 4)).toEqual([0, 33, 66, 99]);
  expect(thinned([1, 2], 4)).toEqual([1, 2]);
});
