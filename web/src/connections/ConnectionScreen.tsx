import { useTranslations } from "use-intl";
import { PageHeader } from "../parts/PageHeader";

export function ConnectionScreen() {
  const t = useTranslations("connections");
  return <PageHeader title={t("titleOne")} />;
}
