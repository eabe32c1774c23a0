import { FluentProvider, webLightTheme } from "@fluentui/react-components";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
  useSearch,
} from "@tanstack/react-router";
import { fireEvent, render, screen } from "@testing-library/react";
import { IntlProvider } from "use-intl";
import { beforeEach, expect, it, vi } from "vitest";
import { consentQuery } from "../../api/connections";
import { meQuery } from "../../api/me";
import messages from "../../messages/en";
import { readConnectSearch } from "./connect-search";
import { Wizard } from "./Wizard";

// Node's Request, unlike a browser's, knows no address to begin from.
vi.hoisted(() => {
  const Bare = globalThis.Request;
  globalThis.Request = class extends Bare {
    constructor(input: RequestInfo | URL, init?: RequestInit) {
      super(typeof input === "string" ? new URL(input, "http://localhost") : input, init);
    }
  };
});

type Sent = { query: string; onlyNew: string | null; body: Record<string, unknown> };
const sent: Sent[] = [];
const refusal = { code: "key_refused", params: {}, detail: "The vault does not let the app write." };

beforeEach(() => {
  sent.length = 0;
  vi.stubGlobal("scrollTo", () => undefined);
  vi.stubGlobal("fetch", async (request: Request) => {
    const query = new URL(request.url).search;
    sent.push({ query, onlyNew: request.headers.get("if-none-match"), body: await request.json() });
    const isRefused = query === "" && sent.filter((each) => each.query === "").length === 1;
    const answer = isRefused ? refusal : { id: "acme-brand" };
    return new Response(JSON.stringify(answer), { status: isRefused ? 403 : 201 });
  });
});

function Screen() {
  const { id } = useSearch({ from: "/connections/new" });
  return id === undefined ? <Wizard others={[]} /> : <p>Saved as {id}</p>;
}

async function show() {
  const queries = new QueryClient();
  const app = {
    auth_mode: "keys" as const,
    can_enter_keys: true,
    refresh: null,
    tick_schedule: "",
    retention_days: 30,
    version: "",
    python: "",
  };
  queries.setQueryData(meQuery.queryKey, { name: null, label: "key", role: "administer", may: [], app });
  const texts = { "2026-11": "I know what is sent." };
  queries.setQueryData(consentQuery("en").queryKey, {
    current: "2026-11",
    language: "en",
    languages: ["en", "uk"],
    texts,
  });
  const root = createRootRoute();
  const route = createRoute({
    getParentRoute: () => root,
    path: "/connections/new",
    validateSearch: readConnectSearch,
    component: Screen,
  });
  const router = createRouter({
    routeTree: root.addChildren([route]),
    history: createMemoryHistory({ initialEntries: ["/connections/new"] }),
  });
  render(
    <QueryClientProvider client={queries}>
      <IntlProvider locale="en" messages={messages} timeZone="UTC">
        <FluentProvider theme={webLightTheme}>
          <RouterProvider router={router as never} />
        </FluentProvider>
      </IntlProvider>
    </QueryClientProvider>,
  );
  await screen.findByLabelText(/Display name/);
}

const type = (label: RegExp, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
const press = (text: string) => fireEvent.click(screen.getByText(text, { selector: "button" }));

it("connects step by step; a refused key is forgotten, and nothing else", { timeout: 30_000 }, async () => {
  await show();
  type(/Display name/, "Acme brand");
  press("Use Acme_brand");
  press("Continue");
  await screen.findByText("What the key needs");
  type(/Klaviyo API key/, "pk_first");
  press("Continue");
  await screen.findByText("I know what is sent.");
  press("Connect");
  expect(screen.getByText(/Tick “I agree”/)).toBeTruthy();
  fireEvent.click(screen.getByLabelText("I agree"));
  type(/Your name/, "Dana");
  press("Connect");

  await screen.findByText("The vault does not let the app write.");
  expect((screen.getByLabelText(/Klaviyo API key/) as HTMLInputElement).value).toBe("");
  type(/Klaviyo API key/, "pk_second");
  press("Continue");
  await screen.findByText("I know what is sent.");
  press("Connect");
  await screen.findByText("Saved as acme-brand");

  expect(sent.map((each) => [each.query, each.onlyNew, each.body["api_key"]])).toEqual([
    ["?dry_run=true", "*", "pk_first"],
    ["", "*", "pk_first"],
    ["?dry_run=true", "*", "pk_second"],
    ["", "*", "pk_second"],
  ]);
  const consent = { accepted: true, text: "2026-11", language: "en", accepted_by: "Dana" };
  expect(sent[3]?.body).toMatchObject({ display_name: "Acme_brand", shared_with: "administrators", consent });
});
