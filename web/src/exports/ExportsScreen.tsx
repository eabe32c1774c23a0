import { useTranslations } from "use-intl";
import { PageHeader } from "../parts/PageHeader";

export function ExportsScreen() {
  const t = useTranslations("exports");
  return <PageHeader title={t("title")} />;
}
