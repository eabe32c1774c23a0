import { expect, it } from "vitest";
import { choicesOf } from "./connection-choices";

const connection = (id: string, more: object = {}) => ({
  id,
  display_name: `Name_${id}`,
  kind: "klaviyo" as const,
  may: ["use"],
  self: `/api/connections/${id}`,
  ...more,
});
const consent = (accepted: boolean) => ({
  consent: {
    accepted,
    accepted_by: null,
    claimed: false,
    accepted_at: null,
    text: null,
    language: null,
    withdrawn_by: null,
    withdrawn_label: null,
    withdrawn_at: null,
  },
});

it("offers what can be used first, and says why the others cannot", () => {
  const choices = choicesOf(
    [
      connection("broken", { is_broken: true, may: [], display_name: "" }),
      connection("b10", consent(true)),
      connection("a", { may: [] }),
      connection("b9"),
      connection("c", consent(false)),
    ],
    "en",
  );
  expect(choices.map((each) => [each.id, each.whyNot])).toEqual([
    ["b9", null],
    ["b10", null],
    ["broken", "broken"],
    ["a", "notShared"],
    ["c", "noConsent"],
  ]);
});
