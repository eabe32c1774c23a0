import { useTranslations } from "use-intl";
import { PageHeader } from "../parts/PageHeader";

export function NewExportScreen() {
  const t = useTranslations("editExport");
  return <PageHeader title={t("titleNew")} />;
}
