import type { SentenceDocument } from "../../../api/problem";
import { FIELDS, type Mapping, propertiesOf } from "./fields";

/** A sentence about a field of the export, such as `/mapping/location/city`. */
export type PlacedProblem = SentenceDocument & { pointer: string | null; isWarning?: boolean };

export type SortedProblems = {
  /** Of an attribute or property, by its own pointer. */
  at: (pointer: string) => readonly PlacedProblem[];
  /** About the mapping as a whole, or about an entry that is not shown. */
  others: readonly PlacedProblem[];
};

export const PHONE_REGION = "/phone_region";

/** Return the pointer of an attribute by its key: `/mapping/location/city` for `location.city`. */
export function fieldPointer(key: string): string {
  return `/mapping/${key.replace(".", "/")}`;
}

export function propertyPointer(name: string): string {
  return `/mapping/properties/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** Sort those of *problems* that are about the mapping or the phone region to the entries of *mapping*. */
export function sortProblems(problems: readonly PlacedProblem[], mapping: Mapping): SortedProblems {
  const places = [
    ...FIELDS.map(({ key }) => fieldPointer(key)),
    ...propertiesOf(mapping).map(({ name }) => propertyPointer(name)),
    PHONE_REGION,
  ];
  const sorted = new Map<string, PlacedProblem[]>();
  const others: PlacedProblem[] = [];
  for (const problem of problems) {
    const { pointer } = problem;
    if (pointer === null || !(pointer === "/mapping" || /^\/(mapping\/|phone_region)/.test(pointer)))
      continue;
    const place = places.find((each) => pointer === each || pointer.startsWith(`${each}/`));
    if (place) sorted.set(place, [...(sorted.get(place) ?? []), problem]);
    else others.push(problem);
  }
  return { at: (pointer) => sorted.get(pointer) ?? [], others };
}
