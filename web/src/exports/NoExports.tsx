import { ArrowExportRegular, PlugConnectedRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { anyConnectionQuery } from "../api/connections";
import { useMe } from "../api/me";
import { Loading } from "../app/Centered";
import { LinkButton } from "../parts/actions/LinkButton";
import { EmptyState } from "../parts/EmptyState";
import { ProblemView } from "../parts/ProblemView";

/** What to do where there is no export: connect first, then add one. */
export function NoExports() {
  const t = useTranslations("exports.empty");
  const exports = useTranslations("exports");
  const { role, app } = useMe();
  const any = useQuery(anyConnectionQuery);
  if (role === "read") {
    return (
      <EmptyState title={t("readerTitle")} icon={<ArrowExportRegular />}>
        {t("reader")}
      </EmptyState>
    );
  }
  if (any.error) return <ProblemView problem={any.error} retry={() => void any.refetch()} />;
  if (any.data === undefined) return <Loading />;
  if (any.data) {
    const add = (
      <LinkButton to="/exports/new" appearance="primary">
        {exports("add")}
      </LinkButton>
    );
    return (
      <EmptyState title={t("exportTitle")} icon={<ArrowExportRegular />} action={add}>
        {t("export")}
      </EmptyState>
    );
  }
  const connect = role === "administer" && (
    <LinkButton to="/connections/new" appearance="primary">
      {t("connectAction")}
    </LinkButton>
  );
  return (
    <EmptyState title={t("connectTitle")} icon={<PlugConnectedRegular />} action={connect}>
      {role === "administer" ? (
        <>
          {t("connect")} {t(app.can_enter_keys ? "needKey" : "needSecret")}
        </>
      ) : (
        t("ask")
      )}
    </EmptyState>
  );
}
