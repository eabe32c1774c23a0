/** How the audit trail names people, actions, fields and values. */
import { useFormatter, useTranslations } from "use-intl";
import type { AuditLine } from "../api/audit";
import { useFieldLabel } from "../parts/rows/field-label";
import { useWho } from "../parts/sentences/who";
import { valueText } from "./changes";

/** Return a function that names who did it: by name, or else by label, which may be a phrase of the app. */
export function useAuthor(): (line: AuditLine) => string {
  const who = useWho();
  return ({ by }) => by.name ?? who(by.label);
}

/** Return a function that names what was done, by the app's word: `export.changed`. */
export function useAction(): (what: string) => string {
  const words = useTranslations("words.auditActions");
  return (what) => {
    const key = what as Parameters<typeof words>[0];
    return words.has(key) ? words(key) : what;
  };
}

/** Return a function that names a field by its place in a document. */
export function useFieldName(): (path: readonly string[]) => string {
  const t = useTranslations("audit.fields");
  const profileField = useFieldLabel();
  const one = (name: string) => {
    const key = name as Parameters<typeof t>[0];
    return t.has(key) ? t(key) : name;
  };
  return ([first = "", ...rest]) => {
    if (rest.length === 0) return one(first);
    const last = first === "mapping" ? profileField(rest.join(".")) : rest.map(one).join(" / ");
    return `${one(first)}: ${last}`;
  };
}

/** Return a function that says a value of a field in one line. */
export function useValueText(): (path: readonly string[], value: unknown) => string {
  const t = useTranslations("audit");
  const format = useFormatter();
  return (path, value) => {
    const name = path.at(-1) ?? "";
    if (typeof value === "boolean") return t(value ? "yes" : "no");
    if (typeof value === "number")
      return format.number(
        value,
        name.endsWith("_share") ? { style: "percent", maximumFractionDigits: 2 } : {},
      );
    if (typeof value === "string" && name.endsWith("_at") && !Number.isNaN(Date.parse(value)))
      return format.dateTime(new Date(value), { dateStyle: "medium", timeStyle: "short" });
    return valueText(value) ?? t("nothing");
  };
}
