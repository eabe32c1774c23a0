import { expect, it } from "vitest";
import type { Connection } from "../../api/connections";
import type { Export } from "../../api/exports";
import { byName, consentState, exportsOver, whatStops, wrongWith } from "./shown-connections";

const CONSENT = {
  accepted: true,
  accepted_by: "Dana",
  claimed: true,
  accepted_at: "2026-11-01T10:00:00Z",
  text: "2026-11",
  language: "en",
  withdrawn_by: null,
  withdrawn_label: null,
  withdrawn_at: null,
};
const WHOLE = {
  id: "acme",
  display_name: "Acme",
  kind: "klaviyo" as const,
  may: ["use"],
  self: "/api/connections/acme",
  shared_with: "contributors" as const,
  secret_name: "klaviyo-acme",
  consent: CONSENT,
  changed_at: "2026-11-20T10:00:00Z",
};

type Run = NonNullable<Export["last_run"]>;
function exported(id: string, run: Partial<Run> | null = null, more: Partial<Export> = {}): Export {
  return { id, may: [], self: "", connection_id: "acme", last_run: run as Run | null, ...more } as Export;
}
const refused = { code: "key_unknown", params: { secret: "klaviyo-acme" }, detail: "No." };
const failed = (at: string, error: object = refused) =>
  exported("vip", { status: "failed", ended_at: at, error } as Partial<Run>);

it("says how it stands with the consent", () => {
  const withdrawn = { ...CONSENT, accepted: false, withdrawn_at: "2026-11-02T10:00:00Z" };
  expect(consentState(WHOLE)).toBe("given");
  expect(consentState({ ...WHOLE, consent: withdrawn })).toBe("withdrawn");
  expect(consentState({ ...WHOLE, consent: { ...withdrawn, withdrawn_at: null } })).toBe("missing");
});

it("tells what the newest run said of the key, unless the connection was changed since", () => {
  expect(wrongWith(WHOLE, [failed("2026-11-21T10:00:00Z")])).toBe(refused);
  expect(wrongWith(WHOLE, [failed("2026-11-19T10:00:00Z")])).toBeNull();
  const later = exported("other", { status: "succeeded", ended_at: "2026-11-22T10:00:00Z", error: null });
  expect(wrongWith(WHOLE, [failed("2026-11-21T10:00:00Z"), later])).toBeNull();
  const list = { code: "list_unknown", params: { list: "X" }, detail: "" };
  expect(wrongWith(WHOLE, [failed("2026-11-21T10:00:00Z", list)])).toBeNull();
});

it("believes a test more than a run, and the consent more than both", () => {
  const ready = { is_usable: true, problems: [], account: null, scopes: null, list: null, live_flows: null };
  const other = { code: "key_of_other_account", params: {}, detail: "" };
  const runs = [failed("2026-11-21T10:00:00Z")];
  expect(wrongWith(WHOLE, runs, ready)).toBeNull();
  expect(wrongWith(WHOLE, [], { ...ready, is_usable: false, problems: [other] })).toBe(other);
  expect(wrongWith({ ...WHOLE, consent: { ...CONSENT, accepted: false } }, runs, ready)).toBe("consent");
});

it("tells of a damaged document and a consent that nobody gave first", () => {
  const { display_name: _, ...rest } = WHOLE;
  expect(wrongWith({ ...rest, is_broken: true }, [])).toBe("broken");
  const asked = { ...WHOLE, consent: { ...CONSENT, accepted: false } };
  expect(wrongWith(asked, [failed("2026-11-21T10:00:00Z")])).toBe("consent");
});

it("knows nothing where only the name is seen", () => {
  const { id, display_name, kind, self } = WHOLE;
  const seen: Connection = { id, display_name, kind, may: [], self };
  expect(wrongWith(seen, [failed("2026-11-21T10:00:00Z")])).toBeNull();
});

it("puts connections and exports in order of name", () => {
  const named = (id: string, name?: string) => ({ ...WHOLE, id, ...(name ? { display_name: name } : {}) });
  const { display_name: _, ...nameless } = named("b5");
  expect(byName([named("1", "B10"), nameless, named("2", "B9")], "en").map((each) => each.id)).toEqual([
    "b5",
    "2",
    "1",
  ]);
  const over = exportsOver(
    "acme",
    [exported("z"), exported("x", null, { connection_id: null }), exported("a")],
    "en",
  );
  expect(over.map((each) => each.id)).toEqual(["a", "z"]);
});

it("says what stops without the consent", () => {
  const running = exported("r", { status: "exporting" });
  const planned = exported("p", null, { next_run: "2026-12-01T06:00:00Z" });
  const idle = exported("i");
  expect(whatStops([running, planned, idle])).toEqual({
    running: [running],
    planned: [planned],
    others: [idle],
  });
});
