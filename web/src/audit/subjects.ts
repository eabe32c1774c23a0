/** The names of what the audit trail tells of by id. */
import { useQuery } from "@tanstack/react-query";
import { useLocale } from "use-intl";
import { connectionChoicesQuery } from "../api/connections";
import { exportsQuery } from "../api/exports";

type Names = ReadonlyMap<string, string>;
/** The names of exports and connections by id, in the order of the names; what was removed is not among them. */
export type SubjectNames = { exports: Names; connections: Names };

export function useSubjectNames(): SubjectNames {
  const locale = useLocale();
  const exports = useQuery(exportsQuery).data ?? [];
  const connections = useQuery(connectionChoicesQuery).data ?? [];
  return { exports: namesOf(exports, locale), connections: namesOf(connections, locale) };
}

function namesOf(all: readonly { id: string; display_name?: string }[], locale: string): Names {
  const named = all.map(({ id, display_name }) => [id, display_name || id] as const);
  return new Map(named.sort(([, one], [, other]) => one.localeCompare(other, locale, { numeric: true })));
}
