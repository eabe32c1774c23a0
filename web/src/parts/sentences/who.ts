import { useTranslations } from "use-intl";
import { useMe } from "../../api/me";
import { usePhrase } from "./sentences";

/** Return a function that says who did something: the reader, a person by name, or the app's own label in words. */
export function useWho(): (name: string) => string {
  const t = useTranslations("parts");
  const phrase = usePhrase();
  const { label, app } = useMe();
  // Everybody who has the app's key has one label.
  return (name) => (app.auth_mode === "entra" && name === label ? t("you") : phrase(name));
}
