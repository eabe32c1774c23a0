/**
 * Wishes that ask the app about some fields of a draft, whatever is wrong with the others: these have stand-ins.
 *
 * What the app says of the stand-ins is not shown.
 */
import type { ExportDraft, ExportWish, Schedule } from "./draft";

const STAND_INS: ExportWish = {
  display_name: "-",
  connection_id: null,
  list_id: "-",
  segments: ["-"],
  mapping: { email: "-" },
  allow_flows: false,
  enabled: true,
};

/** Ask for the list and its live flows; `allow_flows` is false, as the app names no flows to somebody who said yes. */
export function listProbe({ connection_id, list_id }: ExportDraft): ExportWish {
  return { ...STAND_INS, connection_id, list_id };
}

/** Ask for the next times of *schedule*: an export has some only where it is enabled and has a connection. */
export function scheduleProbe(schedule: Schedule, connectionId: string | null): ExportWish {
  return { ...STAND_INS, connection_id: connectionId, schedule };
}
