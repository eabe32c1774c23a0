import { useQuery } from "@tanstack/react-query";
import { probeQuery } from "../../api/edited-export";
import type { FieldError } from "../../api/problem";
import type { ExportDraft, ShownExport } from "../draft/draft";
import { at, type Finding } from "../draft/findings";
import { listProbe } from "../draft/probes";
import { STAND_IN_ID } from "../draft/use-check";

/** What Klaviyo says of the chosen list. */
export type ListProbe = {
  errors: FieldError[];
  /** The live flows of the list, or that they are not known. */
  flows: Finding[];
  shown: ShownExport | null;
  isAsking: boolean;
  problem: Error | null;
};

/** Ask Klaviyo for the list of *draft* and its live flows, once for each list; *stored* is null for a new export. */
export function useListProbe(draft: ExportDraft, stored: ShownExport | null, isDisabled: boolean): ListProbe {
  const isChosen = draft.connection_id !== null && draft.list_id !== "";
  // The id of a new export changes with each letter of its name.
  const id = stored?.id ?? STAND_IN_ID;
  const probe = useQuery({ ...probeQuery(id, listProbe(draft), true), enabled: isChosen && !isDisabled });
  const found = isChosen ? probe.data : undefined;
  return {
    errors: at(found?.errors ?? [], "/list_id"),
    flows: at(found?.shown?.warnings ?? [], "/allow_flows"),
    shown: found?.shown ?? null,
    isAsking: probe.isFetching,
    problem: probe.error,
  };
}
