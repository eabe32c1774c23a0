// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { answered, api } from "./client";
import { Problem } from "./problem";
import { keptKey, signIn, signOut } from "./session";

// Node's Request, unlike a browser's, knows no address to begin from, and node has no storage of a tab.
vi.hoisted(() => {
  const Bare = globalThis.Request;
  globalThis.Request = class extends Bare {
    constructor(input: RequestInfo | URL, init?: RequestInit) {
      super(typeof input === "string" ? new URL(input, "http://localhost") : input, init);
    }
  };
  const kept = new Map<string, string>();
  vi.stubGlobal("sessionStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
    clear: () => kept.clear(),
  });
});

const seen: Request[] = [];

function answer(status: number, body: string | null, type = "application/json"): void {
  vi.stubGlobal("fetch", async (request: Request) => {
    seen.push(request);
    return new Response(body, { status, headers: body === null ? {} : { "Content-Type": type } });
  });
}

beforeEach(() => {
  seen.length = 0;
});

afterEach(() => {
  sessionStorage.clear();
});

async function problemOfMe(): Promise<Problem> {
  const caught: unknown = await answered(api.GET("/me")).catch((error: unknown) => error);
  if (!(caught instanceof Problem)) throw new Error(`no problem: ${String(caught)}`);
  return caught;
}

describe("a call", () => {
  it("has the key as a header, and none where there is none", async () => {
    answer(200, "{}");
    await answered(api.GET("/me"));
    signIn("k-123");
    await answered(api.GET("/me"));
    expect(seen.map((request) => request.headers.get("x-functions-key"))).toEqual([null, "k-123"]);
    expect(seen.map((request) => new URL(request.url).pathname)).toEqual(["/api/me", "/api/me"]);
  });

  it("throws the sentence and the fields of an error", async () => {
    const errors = [{ pointer: "/list_id", code: "missing", params: {}, detail: "Say which list." }];
    const body = {
      type: "t",
      title: "Bad",
      status: 400,
      code: "fields",
      params: { n: 1 },
      detail: "Look.",
      errors,
    };
    answer(400, JSON.stringify({ ...body, run: "/api/x" }), "application/problem+json");
    const problem = await problemOfMe();
    expect(problem).toMatchObject({ status: 400, code: "fields", errors, more: { run: "/api/x" } });
    expect(problem.sentence).toEqual({ code: "fields", params: { n: 1 }, detail: "Look." });
  });

  it.each([
    [411, null, "page_host_411"],
    [429, null, "page_host_429"],
    [500, "<html>", "page_host_500"],
    [502, null, "page_host_500"],
    [418, null, "page_host_other"],
  ])("has a sentence for the host's own answer %i", async (status, body, code) => {
    answer(status, body, "text/html");
    expect((await problemOfMe()).code).toBe(code);
  });

  it("has a sentence where no answer comes", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    expect((await problemOfMe()).code).toBe("page_offline");
    vi.stubGlobal("fetch", () => Promise.reject(new DOMException("late", "TimeoutError")));
    expect((await problemOfMe()).code).toBe("page_timeout");
  });

  it("forgets a key that is refused", async () => {
    signIn("wrong");
    answer(401, null);
    expect((await problemOfMe()).code).toBe("page_host_401");
    expect(keptKey()).toBeNull();
  });
});

it("forgets the key at the end", () => {
  signIn("k");
  signOut("left");
  expect(keptKey()).toBeNull();
});
