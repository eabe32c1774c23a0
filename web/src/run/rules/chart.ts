/** The picture of the rows over time: where its lines, points and labels stand. */
import type { Run } from "../../api/runs";
import { secondsBetween } from "./run-facts";

type Sample = Run["samples"][number];
export type Tick = { at: number; value: number };
export type Chart = {
  /** The line of the rows and the area below it, as paths of SVG. */
  line: string;
  area: string;
  /** Where Klaviyo asked to slow down. */
  slowed: number[];
  /** The rows, from the bottom, and the seconds, from the left. */
  rows: Tick[];
  seconds: Tick[];
  last: { x: number; y: number };
};
export type Box = { width: number; height: number };

const SHORTEST = 2;
const ROW_TICKS = 4;
const TIME_TICKS = 5;
const ROUND = [1, 2, 5, 10];
const ROUND_SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];

/** Return the picture of *samples* within *box*; null where they have no row, or span less than two seconds. */
export function chartOf(samples: readonly Sample[], { width, height }: Box): Chart | null {
  const first = samples[0];
  const last = samples.at(-1);
  const whole = first && last ? secondsBetween(first.at, last.at) : 0;
  if (!first || !last || whole < SHORTEST || last.row === 0) return null;
  const rowStep = stepOf(last.row / ROW_TICKS);
  const top = Math.ceil(last.row / rowStep) * rowStep;
  const x = (at: string) => rounded((secondsBetween(first.at, at) / whole) * width);
  const y = (row: number) => rounded(height - (row / top) * height);
  const points = samples.map((each) => ({ x: x(each.at), y: y(each.row) }));
  const line = points.map((point, index) => `${index ? "L" : "M"}${point.x} ${point.y}`).join(" ");
  const secondStep = ROUND_SECONDS.find((step) => whole / step <= TIME_TICKS) ?? 86400;
  return {
    line,
    area: `${line} L${x(last.at)} ${height} L0 ${height} Z`,
    slowed: samples
      .filter((each, index) => each.throttled > (samples[index - 1]?.throttled ?? 0))
      .map(({ at }) => x(at)),
    rows: multiples(rowStep, top).map((value) => ({ value, at: y(value) })),
    seconds: multiples(secondStep, whole).map((value) => ({ value, at: rounded((value / whole) * width) })),
    last: { x: x(last.at), y: y(last.row) },
  };
}

/** At most *most* of *samples*, evenly, with the first and the last: a table of 120 lines says no more than one of 30. */
export function thinned<S>(samples: readonly S[], most: number): S[] {
  if (samples.length <= most) return [...samples];
  const step = (samples.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => samples[Math.round(index * step)]).filter(
    (each) => each !== undefined,
  );
}

/** The round number that is *at least* so much: 1, 2 or 5 with noughts. */
export function stepOf(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  return Math.max(1, (ROUND.find((each) => each * power >= atLeast) ?? 10) * power);
}

/** Return the multiples of *step* from 0 up to *most*. */
export function multiples(step: number, most: number): number[] {
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step);
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
