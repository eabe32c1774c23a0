/** What the table of connections says of each, from the connections and the exports over them. */
import { type Connection, type ConnectionCheck, isWhole, type WholeConnection } from "../../api/connections";
import { type Export, hasRun } from "../../api/exports";
import type { SentenceDocument } from "../../api/problem";

export type ConsentState = "given" | "withdrawn" | "missing";

export function consentState({ consent }: WholeConnection): ConsentState {
  if (consent.accepted) return "given";
  return consent.withdrawn_at === null ? "missing" : "withdrawn";
}

export function nameOf(connection: Connection): string {
  return connection.display_name || connection.id;
}

/** Return the connections by name. */
export function byName(connections: readonly Connection[], locale: string): Connection[] {
  const order = new Intl.Collator(locale, { numeric: true });
  return [...connections].sort((one, other) => order.compare(nameOf(one), nameOf(other)));
}

/** Return the exports over the connection *id*, by name. */
export function exportsOver(id: string, exports: readonly Export[], locale: string): Export[] {
  const order = new Intl.Collator(locale, { numeric: true });
  const name = (each: Export) => each.display_name || each.id;
  return exports
    .filter((each) => each.connection_id === id)
    .sort((one, other) => order.compare(name(one), name(other)));
}

/**
 * What is wrong with a connection: `broken` where its document cannot be read, `consent` where nobody agreed, or what
 * Klaviyo said when it was tested a moment ago (*trial*).
 *
 * Without a test it is what the newest run over it said of its key, unless the connection was changed since then.
 */
export type Wrong = "broken" | "consent" | SentenceDocument;

export function wrongWith(
  connection: Connection,
  exports: readonly Export[],
  trial?: ConnectionCheck,
): Wrong | null {
  if (connection.is_broken) return "broken";
  if (!isWhole(connection)) return null;
  if (!connection.consent.accepted) return "consent";
  return trial ? (trial.problems[0] ?? null) : keyTrouble(connection, exports);
}

function keyTrouble(connection: WholeConnection, exports: readonly Export[]): SentenceDocument | null {
  const newest = exports
    .map((each) => each.last_run)
    .filter((run) => run?.ended_at)
    .sort((one, other) => Date.parse(other?.ended_at ?? "") - Date.parse(one?.ended_at ?? ""))[0];
  const error = newest?.error;
  if (!newest?.ended_at || !error || !("secret" in error.params)) return null;
  const changed = connection.changed_at ? Date.parse(connection.changed_at) : 0;
  return Date.parse(newest.ended_at) > changed ? error : null;
}

/** What stops when nothing goes over a connection any more: *running* has a run at work, *planned* has a next run. */
export type Stops = { running: Export[]; planned: Export[]; others: Export[] };

export function whatStops(exports: readonly Export[]): Stops {
  const running = exports.filter(hasRun);
  const planned = exports.filter((each) => !hasRun(each) && typeof each.next_run === "string");
  const others = exports.filter((each) => !running.includes(each) && !planned.includes(each));
  return { running, planned, others };
}
