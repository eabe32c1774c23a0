import { describe, expect, it } from "vitest";
import type { Export } from "../api/exports";
import { nextSort, readHomeSearch } from "./home-search";
import { connectionsOf, needsAttention, nextRun, shownExports } from "./shown-exports";

function made(id: string, more: Partial<Export> = {}): Export {
  return {
    id,
    display_name: id,
    connection_id: "acme",
    connection: { id: "acme", display_name: "Acme" },
    list_id: "Y6nRLr",
    list_name: null,
    segments: ["vip"],
    enabled: true,
    status: null,
    last_run: null,
    next_run: null,
    warnings: [],
    may: [],
    blocked: {},
    self: `/api/exports/${id}`,
    ...more,
  };
}

function ran(id: string, status: NonNullable<Export["status"]>, createdAt = "2026-11-28T10:00:00Z"): Export {
  const tally = { read: 0, accepted: 0, unchanged: 0, duplicates: 0, rejected: 0, unconfirmed: 0 };
  const last_run = {
    id: "r",
    status,
    trigger: "http",
    created_at: createdAt,
    started_at: null,
    ended_at: null,
  };
  return made(id, {
    status,
    last_run: { ...last_run, waiting: null, silence: null, error: null, tally, self: "/api/x" },
  });
}

const ids = (all: readonly Export[], search: Parameters<typeof shownExports>[1], locale = "en") =>
  shownExports(all, search, locale).rows.map((each) => each.id);

describe("search", () => {
  const all = [
    made("vip", { display_name: "Київ VIP", list_name: "Best customers" }),
    made("b", { segments: ["eu/lapsed"] }),
  ];

  it.each([
    ["київ", ["vip"]],
    ["best vip", ["vip"]],
    ["LAPSED", ["b"]],
    ["acme", ["b", "vip"]],
    ["nobody", []],
    ["  ", ["b", "vip"]],
  ])("for %j", (q, found) => {
    expect(ids(all, { q })).toEqual(found);
  });
});

describe("filters", () => {
  const broken: Export = { id: "z", may: [], self: "/api/exports/z", is_broken: true };
  const all = [
    ran("failed", "failed"),
    ran("fine", "succeeded"),
    ran("busy", "settling"),
    made("off", { enabled: false }),
    made("warned", { warnings: [{ code: "consent_missing", params: {}, detail: "", pointer: null }] }),
    broken,
  ];

  it("find what needs attention", () => {
    expect(ids(all, { status: "attention" })).toEqual(["failed", "warned", "z"]);
    expect(needsAttention(ran("x", "partial"))).toBe(true);
  });

  it("find by status, by whether a run is at work, and what never ran", () => {
    expect(ids(all, { status: "succeeded" })).toEqual(["fine"]);
    expect(ids(all, { status: "active" })).toEqual(["busy"]);
    expect(ids(all, { status: "never" })).toEqual(["off", "warned"]);
    expect(ids(all, { status: "disabled" })).toEqual(["off"]);
  });

  it("find by connection, each of which is named once", () => {
    const other = made("other", {
      connection_id: "beta",
      connection: { id: "beta", display_name: "A beta" },
    });
    expect(ids([...all, other], { connection: "beta" })).toEqual(["other"]);
    expect(connectionsOf([...all, other], "en")).toEqual([
      { id: "beta", name: "A beta" },
      { id: "acme", name: "Acme" },
    ]);
  });
});

describe("order", () => {
  it("goes by name as the language has it", () => {
    const all = [
      made("1", { display_name: "Їжак" }),
      made("2", { display_name: "Єнот" }),
      made("3", { display_name: "Ґава" }),
    ];
    expect(ids(all, {}, "uk")).toEqual(["3", "2", "1"]);
    expect(ids(all, { sort: "-name" }, "uk")).toEqual(["1", "2", "3"]);
  });

  it("leaves what has no value at the end, in both directions", () => {
    const all = [
      made("never"),
      ran("old", "failed", "2026-11-01T00:00:00Z"),
      ran("new", "failed", "2026-11-02T00:00:00Z"),
    ];
    expect(ids(all, { sort: "-last" })).toEqual(["new", "old", "never"]);
    expect(ids(all, { sort: "last" })).toEqual(["old", "new", "never"]);
  });

  it("has no next run for what is disabled", () => {
    expect(nextRun(made("x", { enabled: false, next_run: "2026-11-29T04:00:00Z" }))).toBeNull();
  });
});

it("shows fifty on a page, and the last page where the address asks for more", () => {
  const all = Array.from({ length: 120 }, (_, number) => made(`e${number}`));
  expect(shownExports(all, {}, "en")).toMatchObject({ total: 120, page: 1, pages: 3 });
  const last = shownExports(all, { page: 9 }, "en");
  expect([last.page, last.rows.length]).toEqual([3, 20]);
});

describe("the address", () => {
  it("is read as far as it can be read", () => {
    expect(readHomeSearch({ q: 2026, status: "odd", sort: "-last", page: "3", connection: "" })).toEqual({
      q: "2026",
      sort: "-last",
      page: 3,
    });
    expect(readHomeSearch({ sort: "name", page: 1, status: "failed" })).toEqual({ status: "failed" });
  });

  it("turns the order at the second click", () => {
    expect(nextSort(undefined, "name")).toBe("-name");
    expect(nextSort("-name", "name")).toBe("name");
    expect(nextSort(undefined, "last")).toBe("-last");
    expect(nextSort("-last", "last")).toBe("last");
  });
});
