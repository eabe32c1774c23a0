import { useTranslations } from "use-intl";
import { PageHeader } from "../parts/PageHeader";

export function ConnectionsScreen() {
  const t = useTranslations("connections");
  return <PageHeader title={t("title")} />;
}
