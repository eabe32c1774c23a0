import { useTranslations } from "use-intl";
import { useMe } from "../../api/me";
import { usePhrase } from "./sentences";

/** Return a function that says who asked for something: the reader, or what the app calls somebody. */
export function useWho(): (label: string) => string {
  const t = useTranslations("parts");
  const phrase = usePhrase();
  const { label, app } = useMe();
  // Everybody who has the app's key has one label.
  return (asked) => (app.auth_mode === "entra" && asked === label ? t("you") : phrase(asked));
}
