/** A cron expression in words, in the language of the page; loaded when a schedule is first shown. */
import { queryOptions } from "@tanstack/react-query";
import type { Locale } from "../../messages";

/** Return *cron* in words, null where nobody can say what it means. */
export function cronWordsQuery(cron: string, locale: Locale) {
  return queryOptions({
    queryKey: ["cron-words", cron, locale],
    queryFn: async () => {
      const [{ default: cronstrue }] = await Promise.all([
        import("cronstrue"),
        locale === "uk" ? import("cronstrue/locales/uk") : undefined,
      ]);
      try {
        return cronstrue.toString(cron, { locale, use24HourTimeFormat: true });
      } catch {
        return null;
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}
