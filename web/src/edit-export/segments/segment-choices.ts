import type { SegmentFolder } from "../../api/segments";

/** A segment to choose, or one that is chosen; `folder` is null where the storage has no such folder. */
export type SegmentChoice = { name: string; folder: SegmentFolder | null };

/** Return the folders whose name has *text* in it, in any case, in the order of their names. */
export function matching(
  folders: readonly SegmentFolder[],
  text: string,
  chosen: readonly string[],
): SegmentChoice[] {
  const known = new Set(folders.map((each) => each.name));
  const missing = chosen.filter((name) => !known.has(name)).map((name) => ({ name, folder: null }));
  const wanted = text.trim().toLowerCase();
  return [...missing, ...folders.map((folder) => ({ name: folder.name, folder }))].filter((each) =>
    each.name.toLowerCase().includes(wanted),
  );
}

/** Return *segments* with *name* behind them, or without it where it is among them. */
export function toggled(segments: readonly string[], name: string): string[] {
  return segments.includes(name) ? segments.filter((each) => each !== name) : [...segments, name];
}

/** Return *segments* with the one at *index* moved one place up: the first segment of a person counts. */
export function movedUp(segments: readonly string[], index: number): string[] {
  const [before, moved] = [segments[index - 1], segments[index]];
  if (before === undefined || moved === undefined) return [...segments];
  return segments.toSpliced(index - 1, 2, moved, before);
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
export type SizeUnit = (typeof UNITS)[number];

/** Return *bytes* in the unit in which it is below 1,000, such as 1.3 megabytes. */
export function sizeOf(bytes: number): { value: number; unit: SizeUnit } {
  const step = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  return { value: bytes / 1000 ** step, unit: UNITS[step] ?? "byte" };
}
