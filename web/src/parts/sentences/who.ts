import { useTranslations } from "use-intl";
import { useMe } from "../../api/me";
import { usePhrase } from "./sentences";

/** The app's label of everybody who has its key. */
const WITH_KEY = "A caller with a function key";

/** Return a function that says who did something: the reader, a person by name, or the app's own label in words. */
export function useWho(): (name: string) => string {
  const t = useTranslations("parts");
  const phrase = usePhrase();
  const { label, app } = useMe();
  return (name) => {
    if (name === WITH_KEY) return t("withKey");
    return app.auth_mode === "entra" && name === label ? t("you") : phrase(name);
  };
}
