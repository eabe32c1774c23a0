import { useTranslations } from "use-intl";
import { PageHeader } from "../parts/PageHeader";

export function ConnectScreen() {
  const t = useTranslations("connect");
  return <PageHeader title={t("title")} />;
}
