import { useTranslations } from "use-intl";

type FieldTranslator = ReturnType<typeof useTranslations<"words.profileFields">>;
type Known = Exclude<Parameters<FieldTranslator>[0], "location">;

/** Return a function that names an attribute (`location.city`) or a property (`properties.tier`) for people. */
export function useFieldLabel(): (field: string) => string {
  const words = useTranslations("words.profileFields");
  return (field) => (isKnown(field, words) ? words(field) : field.replace(/^properties\./, ""));
}

function isKnown(field: string, words: FieldTranslator): field is Known {
  return field !== "location" && words.has(field as Known);
}
