import { Link, makeStyles, tokens } from "@fluentui/react-components";
import { OpenRegular } from "@fluentui/react-icons";
import { useTranslations } from "use-intl";

const KEYS = "https://www.klaviyo.com/settings/account/api-keys";

const useStyles = makeStyles({
  root: { display: "inline-flex", alignItems: "center", columnGap: tokens.spacingHorizontalXS },
});

/** Leads to the page of Klaviyo where keys are made. */
export function KlaviyoLink() {
  const t = useTranslations("connect.key");
  return (
    <Link
      href={KEYS}
      target="_blank"
      rel="noopener noreferrer"
      className={useStyles().root}
      aria-label={`${t("open")} (${t("newTab")})`}
    >
      {t("open")}
      <OpenRegular aria-hidden />
    </Link>
  );
}
