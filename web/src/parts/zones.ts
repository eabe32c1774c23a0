/** Zones whose name changed and which browsers still call by the old one. */
const RENAMED: Readonly<Record<string, string>> = {
  "Europe/Kiev": "Europe/Kyiv",
  "Asia/Calcutta": "Asia/Kolkata",
};

/** Return the viewer's time zone. */
export function viewerZone(): string {
  return zoneName(Intl.DateTimeFormat().resolvedOptions().timeZone);
}

/** Return the name of *zone* as it is shown and stored: `Europe/Kyiv`, also where the browser says `Europe/Kiev`. */
export function zoneName(zone: string): string {
  return RENAMED[zone] ?? zone;
}

/** Return every time zone that the browser knows, by the name that is stored. */
export function allZones(): string[] {
  return [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone").map(zoneName)])].sort();
}
