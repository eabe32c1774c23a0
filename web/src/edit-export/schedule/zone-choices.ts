const MOST = 60;

/** Return the zones with *text* in their name, whatever its case; `kyiv` and `new york` are found. *first* come first. */
export function matchingZones(zones: readonly string[], text: string, first: readonly string[]): string[] {
  const wanted = text.trim().toLowerCase().replace(/\s+/g, "_");
  const ordered = [...new Set([...first, ...zones])];
  return ordered.filter((each) => each.toLowerCase().includes(wanted)).slice(0, MOST);
}

/** Return *zone* where the browser knows it, else *instead*: a stored zone may be newer than the browser. */
export function knownZone(zone: string, instead: string): string {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return zone;
  } catch {
    return instead;
  }
}
