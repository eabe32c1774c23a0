import { useTranslations } from "use-intl";
import { useFieldLabel } from "../../parts/rows/field-label";

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
