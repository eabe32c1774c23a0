import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { EmptyState } from "../parts/EmptyState";
import { PageHeader } from "../parts/PageHeader";

export function NotFound() {
  const t = useTranslations("shell.notFound");
  return (
    <>
      <PageHeader title={t("title")} />
      <EmptyState action={<Link to="/">{t("home")}</Link>}>{t("detail")}</EmptyState>
    </>
  );
}
