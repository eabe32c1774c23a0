import { useTranslations } from "use-intl";
import { EmptyState } from "../parts/EmptyState";
import { LinkButton } from "../parts/LinkButton";
import { PageHeader } from "../parts/PageHeader";

export function NotFound() {
  const t = useTranslations("shell.notFound");
  return (
    <>
      <PageHeader title={t("title")} />
      <EmptyState action={<LinkButton to="/">{t("home")}</LinkButton>}>{t("detail")}</EmptyState>
    </>
  );
}
