import { describe, expect, it } from "vitest";
import type { Run } from "../../api/runs";
import { durationOf } from "../../parts/duration";
import {
  isAtWork,
  jobsAtWork,
  outcomesOf,
  phaseOf,
  secondsOf,
  shareText,
  sizeOf,
  speedOf,
  stopOf,
  warningsOf,
} from "./run-facts";

const START = Date.parse("2026-11-28T06:00:00Z");

function at(seconds: number): string {
  return new Date(START + seconds * 1000).toISOString();
}

function made(changes: Partial<Run>): Run {
  const run: Partial<Run> = {
    status: "exporting",
    started_at: at(0),
    settling_since: null,
    ended_at: null,
    waiting: null,
    ending: null,
    cancel_requested: null,
    may: ["cancel"],
    samples: [],
    tally: { read: 0, accepted: 0, unchanged: 0, duplicates: 0, rejected: 0, unconfirmed: 0 },
    ...changes,
  };
  return run as Run;
}

function samples(...moments: [seconds: number, row: number][]): Run["samples"] {
  return moments.map(([seconds, row]) => ({
    at: at(seconds),
    row,
    jobs_ended: 0,
    requests: 0,
    throttled: 0,
  }));
}

describe("the outcomes", () => {
  it("are those that a row has, and always what was taken", () => {
    const tally = { read: 200, accepted: 0, unchanged: 0, duplicates: 50, rejected: 150, unconfirmed: 0 };
    expect(outcomesOf(made({ tally }))).toEqual([
      { outcome: "accepted", count: 0, share: 0 },
      { outcome: "duplicates", count: 50, share: 0.25 },
      { outcome: "rejected", count: 150, share: 0.75 },
    ]);
  });

  it("have no share where no row was read", () => {
    expect(outcomesOf(made({}))).toEqual([{ outcome: "accepted", count: 0, share: 0 }]);
  });
});

describe("the speed", () => {
  it("is that of the last twenty seconds while rows are sent", () => {
    const live = made({ samples: samples([0, 0], [60, 600], [70, 10_600], [80, 20_600]) });
    expect(speedOf(live)).toBe(1000);
  });

  it("is taken between the last two moments where they lie far apart", () => {
    expect(speedOf(made({ samples: samples([0, 0], [100, 5000]) }))).toBe(50);
  });

  it("is that of the whole sending after it, without the wait for Klaviyo", () => {
    const settling = { settling_since: at(2), checkpoint: { row: 1200, batches: 1 } };
    expect(speedOf(made({ status: "settling", samples: samples([0, 0], [30, 1200]), ...settling }))).toBe(
      600,
    );
    const over = {
      status: "succeeded",
      samples: samples([0, 0], [10, 5000], [20, 10_000], [300, 10_000]),
    } as const;
    expect(speedOf(made(over))).toBe(500);
  });

  it("is not known while the run waits, nor before a row was done", () => {
    expect(speedOf(made({ samples: samples([0, 0], [5, 0]) }))).toBeNull();
    expect(speedOf(made({ samples: samples([5, 700]) }))).toBeNull();
    const waiting = { reason: "throttled" } as Run["waiting"];
    expect(speedOf(made({ samples: samples([0, 0], [5, 700]), waiting }))).toBeNull();
  });
});

it("takes the time of a run until its end, or until now", () => {
  const now = new Date(START + 90_000);
  expect(secondsOf(made({ started_at: null }), now)).toBeNull();
  expect(secondsOf(made({}), now)).toBe(90);
  expect(secondsOf(made({ ended_at: at(30) }), now)).toBe(30);
  expect(secondsOf(made({}), new Date(START - 5000))).toBe(0);
});

describe("what is done and what can be stopped", () => {
  const ending = { status: "cancelled" } as Run["ending"];
  const asked = (settle: boolean) => ({ settle }) as Run["cancel_requested"];

  it("tells a run that is stopped from one that has sent everything", () => {
    expect(phaseOf(made({ status: "settling" }))).toBe("settling");
    expect(phaseOf(made({ status: "settling", ending }))).toBe("stopping");
    expect(phaseOf(made({ cancel_requested: asked(true) }))).toBe("stopping");
    expect(phaseOf(made({ status: "queued" }))).toBe("queued");
    expect(phaseOf(made({ status: "failed" }))).toBeNull();
  });

  it("does nothing while it waits, unless Klaviyo imports meanwhile", () => {
    const waiting = { reason: "unavailable" } as Run["waiting"];
    expect(isAtWork(made({}))).toBe(true);
    expect(isAtWork(made({ waiting }))).toBe(false);
    expect(isAtWork(made({ waiting, status: "settling" }))).toBe(true);
    expect(isAtWork(made({ status: "failed" }))).toBe(false);
  });

  it("offers to cancel first, then not to wait, then nothing", () => {
    expect(stopOf(made({}))).toBe("cancel");
    expect(stopOf(made({ cancel_requested: asked(true) }))).toBe("hurry");
    expect(stopOf(made({ status: "settling" }))).toBe("hurry");
    expect(stopOf(made({ cancel_requested: asked(false) }))).toBeNull();
    expect(stopOf(made({ may: [] }))).toBeNull();
  });
});

it("leaves out warnings that the table of values says again, where there is one", () => {
  const warnings = [{ code: "values_left_out" }, { code: "list_has_flows" }] as Run["warnings"];
  expect(warningsOf(made({ warnings, notes: [] }))).toEqual(warnings);
  expect(warningsOf(made({ warnings, notes: [{} as Run["notes"][number]] }))).toEqual([warnings[1]]);
});

it("counts the jobs at work until the run has ended", () => {
  const jobs = { submitted: 9, ended: 4, lost: 2, open: 0 };
  expect(jobsAtWork(made({ jobs }))).toBe(3);
  expect(jobsAtWork(made({ jobs, ended_at: at(9) }))).toBe(0);
});

it("says times and sizes in the units of people", () => {
  expect(durationOf(59.4)).toEqual({ unit: "seconds", big: 59, small: 0 });
  expect(durationOf(59.6)).toEqual({ unit: "minutes", big: 1, small: 0 });
  expect(durationOf(75)).toEqual({ unit: "minutes", big: 1, small: 15 });
  expect(durationOf(3661)).toEqual({ unit: "hours", big: 1, small: 1 });
  expect([999, 1500, 2_500_000, 3e9].map((bytes) => sizeOf(bytes))).toEqual([
    { unit: "byte", value: 999 },
    { unit: "kilobyte", value: 1.5 },
    { unit: "megabyte", value: 2.5 },
    { unit: "gigabyte", value: 3 },
  ]);
});

it.each([
  [0, "0%"],
  [138 / 610_000, "<0.1%"],
  [0.25, "25%"],
  [0.99999, ">99.9%"],
  [1, "100%"],
])("says of %f that it is %s", (share, text) => {
  expect(shareText(share, (each) => `${Math.round(each * 1000) / 10}%`)).toBe(text);
});
