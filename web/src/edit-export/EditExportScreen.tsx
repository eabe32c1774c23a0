import { useTranslations } from "use-intl";
import { PageHeader } from "../parts/PageHeader";

export function EditExportScreen() {
  const t = useTranslations("editExport");
  return <PageHeader title={t("title")} />;
}
