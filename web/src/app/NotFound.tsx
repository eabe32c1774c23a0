import { useTranslations } from "use-intl";
import { LinkButton } from "../parts/actions/LinkButton";
import { EmptyState } from "../parts/EmptyState";
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
