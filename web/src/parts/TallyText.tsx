import { useTranslations } from "use-intl";
import type { components } from "../api/schema";

export type Tally = components["schemas"]["Run"]["tally"];
const OUTCOMES = ["accepted", "unchanged", "duplicates", "rejected", "unconfirmed"] as const;

/**
 * The rows of a run by outcome, in one line; outcomes without a row are left out.
 *
 * Of a run that *isOver* one reads as well that nobody was rejected.
 */
export function TallyText({ tally, isOver }: { tally: Tally; isOver: boolean }) {
  const t = useTranslations("parts.tally");
  if (tally.read === 0) return <>{t("none")}</>;
  const shown = OUTCOMES.filter((outcome) => tally[outcome] > 0 || (isOver && outcome === "rejected"));
  const counts = shown.map((outcome) => t(outcome, { count: tally[outcome] }));
  // A count stays on one line with its word.
  const parts = [t("read", { count: tally.read }), ...counts].map((part) => part.replaceAll(" ", "\u00a0"));
  return <>{parts.join(", ")}</>;
}
