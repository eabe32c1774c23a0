import { FluentProvider, webLightTheme } from "@fluentui/react-components";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { IntlProvider } from "use-intl";
import { beforeEach, expect, it, vi } from "vitest";
import en from "../../messages/en";
import type { PlacedProblem } from "../mapping/rules/problems";
import { PreviewPanel } from "./PreviewPanel";
import type { Draft, Preview } from "./preview-rules";

// Node's Request, unlike a browser's, knows no address to begin from; jsdom lays nothing out.
vi.hoisted(() => {
  const Bare = globalThis.Request;
  globalThis.Request = class extends Bare {
    constructor(input: RequestInfo | URL, init?: RequestInit) {
      const { signal: _, ...rest } = init ?? {}; // jsdom's signal is none for node
      super(typeof input === "string" ? new URL(input, "http://localhost") : input, rest);
    }
  };
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
});

const DRAFT: Draft = {
  display_name: "",
  connection_id: "acme",
  list_id: null,
  segments: ["vip"],
  mapping: { email: "EMail", location: { city: "City" } },
  allow_flows: false,
  enabled: true,
};
const NO_COLUMN = {
  code: "column_missing_x",
  params: {},
  detail: "There is no column City.",
  pointer: "/mapping/location/city",
};
const PREVIEW: Preview = {
  profiles: [
    { blob: "vip/a.csv", row: 2, attributes: { email: "ann@example.com", properties: { tier: "gold" } } },
  ],
  rejections: [
    {
      blob: "vip/a.csv",
      row: 1,
      line: 2,
      reason: "email_invalid",
      code: "email_no_sign",
      params: {},
      detail: "",
      fields: { email: "nobody" },
    },
  ],
  duplicates: 0,
  left_out: {},
  notes: [],
  columns: { found: [], not_mapped: [], missing: [], values: {} },
  segments: [{ name: "vip", files: 1, bytes: 10, rows_looked_at: 2, rows: 2 }],
  dialects: [],
  estimate: { rows: 2, is_exact: true, profiles: 1, requests: 1, seconds: 1 },
  list: null,
  problems: [NO_COLUMN],
  warnings: [],
};

const sent: unknown[] = [];

beforeEach(() => {
  sent.length = 0;
});

function answer(status: number, body: unknown): void {
  vi.stubGlobal("fetch", async (request: Request) => {
    sent.push(await request.json());
    const type = status === 200 ? "application/json" : "application/problem+json";
    return new Response(JSON.stringify(body), { status, headers: { "Content-Type": type } });
  });
}

function show() {
  const told: PlacedProblem[][] = [];
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const panel = (draft: Draft) => (
    <QueryClientProvider client={client}>
      <IntlProvider locale="en" messages={en} timeZone="UTC">
        <FluentProvider theme={webLightTheme}>
          <PreviewPanel
            draft={draft}
            exportId=""
            ready={draft.segments.length > 0}
            onProblems={(problems) => told.push([...problems])}
          />
        </FluentProvider>
      </IntlProvider>
    </QueryClientProvider>
  );
  const { rerender, unmount } = render(panel(DRAFT));
  return { told, client, unmount, change: (draft: Draft) => rerender(panel(draft)) };
}

async function ask(): Promise<void> {
  await userEvent.click(screen.getByRole("button", { name: "Show preview" }));
}

it("shows what would fail a run, rows as they would be sent, and refused rows with the reason", async () => {
  answer(200, PREVIEW);
  const { told } = show();
  await ask();
  await screen.findByText("There is no column City.");
  expect(screen.getByText("gold")).toBeTruthy();
  expect(screen.getByText("Invalid e-mail address")).toBeTruthy();
  expect(screen.getByText("E-mail: nobody")).toBeTruthy();
  expect(told.at(-1)).toEqual([NO_COLUMN]);
});

it("needs no name of the export, and asks only when somebody does", async () => {
  answer(200, PREVIEW);
  show();
  expect(sent).toEqual([]);
  await ask();
  await screen.findByText("gold");
  expect(sent).toEqual([{ limit: 20, export: { ...DRAFT, display_name: "preview" } }]);
});

it("says that the export has changed since, and takes back what it said of a changed field", async () => {
  answer(200, PREVIEW);
  const { told, change } = show();
  await ask();
  await screen.findByText("gold");
  change({ ...DRAFT, mapping: { email: "EMail", location: { city: "Town" } } });
  await screen.findByText("You have changed the export since. Preview again to see the new result.");
  expect(told.at(-1)).toEqual([]);
});

it("hands back the wrong fields that a refusal names", async () => {
  const error = { pointer: "/export/mapping/email", code: "wrong_x", params: {}, detail: "must be a text" };
  answer(400, {
    type: "t",
    title: "",
    status: 400,
    code: "export_invalid_x",
    params: {},
    detail: "No.",
    errors: [error],
  });
  const { told } = show();
  await ask();
  await screen.findByText("No.");
  expect(told.at(-1)).toEqual([{ ...error, pointer: "/mapping/email" }]);
});

it("keeps no row of anybody when it is left", async () => {
  answer(200, PREVIEW);
  const { client, unmount } = show();
  await ask();
  await screen.findByText("gold");
  expect(client.getQueryCache().getAll().length).toBeGreaterThan(0);
  unmount();
  await vi.waitFor(() => expect(client.getQueryCache().getAll()).toEqual([]));
});
