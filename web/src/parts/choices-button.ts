import { useTranslations } from "use-intl";

/** Return what names the button that opens the choices of the box *label*: Fluent would say it in English only. */
export function useChoicesButton(label: string): { "aria-label": string } {
  return { "aria-label": useTranslations("parts")("choices", { label }) };
}
