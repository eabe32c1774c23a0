import { useTranslations } from "use-intl";
import { PageHeader } from "../parts/PageHeader";

export function RunScreen() {
  const t = useTranslations("run");
  return <PageHeader title={t("title")} />;
}
