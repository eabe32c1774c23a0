/** What to do, by the word of the app or the name of the section in docs/operations.md, in the language of the page. */
import { queryOptions } from "@tanstack/react-query";
import type { Locale } from "../messages";
import { sectionsOf } from "./sections";

/** A Ukrainian section, and the fingerprint of the English one of which it is made: a test says which is out of date. */
export type Translation = { of: string; text: string };

export function curesQuery(locale: Locale) {
  return queryOptions({
    queryKey: ["messages", "cures", locale],
    queryFn: async (): Promise<ReadonlyMap<string, string>> => {
      if (locale === "uk") {
        const { default: translated } = await import("../messages/uk/cures.json");
        return new Map(
          Object.entries(translated as Record<string, Translation>).map(([name, { text }]) => [name, text]),
        );
      }
      const { default: operations } = await import("../../../docs/operations.md?raw");
      return sectionsOf(operations);
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}
