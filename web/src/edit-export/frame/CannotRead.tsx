import { useTranslations } from "use-intl";
import { TextLink } from "../../parts/actions/TextLink";
import { EmptyState } from "../../parts/EmptyState";
import { PageHeader } from "../../parts/PageHeader";
import { ProblemView } from "../../parts/ProblemView";

/** The screen where the export cannot be read: why, and the way back. */
export function CannotRead(props: { title: string; problem: Error; retry?: () => void }) {
  const t = useTranslations("editExport");
  return (
    <>
      <PageHeader title={props.title} />
      <ProblemView problem={props.problem} {...(props.retry ? { retry: props.retry } : {})} />
      <EmptyState action={<TextLink to="/">{t("toExports")}</TextLink>}>{t("cannotRead")}</EmptyState>
    </>
  );
}
