import type { Connection } from "../../api/connections";

/** Why a connection cannot be chosen: the page has a sentence for each. */
export type WhyNot = "broken" | "notShared" | "noConsent";
export type Choice = { id: string; name: string; whyNot: WhyNot | null };

/** Return the connections to choose from: those that can be used first, each group by name. */
export function choicesOf(connections: readonly Connection[], locale: string): Choice[] {
  const order = new Intl.Collator(locale, { numeric: true });
  return connections
    .map((each) => ({ id: each.id, name: each.display_name || each.id, whyNot: whyNot(each) }))
    .sort(
      (one, other) => Number(!!one.whyNot) - Number(!!other.whyNot) || order.compare(one.name, other.name),
    );
}

/** Only administrators see the consent; where it is not seen, the app says later whether it is missing. */
function whyNot(connection: Connection): WhyNot | null {
  if (connection.is_broken) return "broken";
  if (!connection.may.includes("use")) return "notShared";
  return connection.consent && !connection.consent.accepted ? "noConsent" : null;
}
