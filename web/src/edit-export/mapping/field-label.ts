import { useTranslations } from "use-intl";
import type { FieldKey } from "./rules/fields";

type FieldTranslator = ReturnType<typeof useTranslations<"words.profileFields">>;

/** Return a function that names an attribute (`location.city`) or a property (`properties.tier`) for people. */
export function useFieldLabel(): (field: string) => string {
  const words = useTranslations("words.profileFields");
  return (field) => (isKnown(field, words) ? words(field) : field.replace(/^properties\./, ""));
}

/** Return a function that names the entry of the mapping at a pointer, undefined for any other pointer. */
export function useFieldName(): (pointer: string) => string | undefined {
  const label = useFieldLabel();
  const region = useTranslations("mapping")("region");
  return (pointer) => {
    if (pointer === "/phone_region") return region;
    const [, root, name, part] = pointer.split("/");
    if (root !== "mapping" || name === undefined) return undefined;
    if (name === "properties") return part?.replaceAll("~1", "/").replaceAll("~0", "~");
    return label(name === "location" && part !== undefined ? `location.${part}` : name);
  };
}

function isKnown(field: string, words: FieldTranslator): field is FieldKey {
  return field !== "location" && words.has(field as FieldKey);
}
