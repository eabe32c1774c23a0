import type { SharedWith, WholeConnection } from "../../api/connections";

/** What people change of a connection besides its key and its consent. */
export type Settings = { name: string; sharedWith: SharedWith };

export function settingsOf(whole: WholeConnection): Settings {
  return { name: whole.display_name, sharedWith: whole.shared_with };
}

export function isSameSettings(one: Settings, other: Settings): boolean {
  return one.name === other.name && one.sharedWith === other.sharedWith;
}
