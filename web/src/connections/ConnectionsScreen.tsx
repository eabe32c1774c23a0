import { MessageBar, MessageBarBody, makeStyles, tokens } from "@fluentui/react-components";
import { AddRegular, PlugConnectedRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { connectionChoicesQuery } from "../api/connections";
import { exportsQuery } from "../api/exports";
import { useMe } from "../api/me";
import { Loading } from "../app/Centered";
import { LinkButton } from "../parts/actions/LinkButton";
import { EmptyState } from "../parts/EmptyState";
import { PageHeader } from "../parts/PageHeader";
import { ProblemView } from "../parts/ProblemView";
import { ConnectionsTable } from "./list/ConnectionsTable";

const useStyles = makeStyles({
  message: { marginBlockEnd: tokens.spacingVerticalL },
});

/** Every connection: where it leads, who may use it, what uses it, and what is wrong with it. */
export function ConnectionsScreen() {
  const t = useTranslations("connections");
  const styles = useStyles();
  const me = useMe();
  const mayAdd = me.may.includes("put_connection");
  const need = me.app.can_enter_keys ? "empty.detail" : "empty.detailSecret";
  const all = useQuery(connectionChoicesQuery);
  const exports = useQuery(exportsQuery);
  const hasAny = all.data !== undefined && all.data.length > 0;
  const add = mayAdd && (
    <LinkButton to="/connections/new" appearance="primary" icon={<AddRegular />}>
      {t("add")}
    </LinkButton>
  );
  return (
    <>
      <PageHeader title={t("title")} intro={t("intro")} actions={hasAny && add} />
      {!mayAdd && hasAny && (
        <MessageBar className={styles.message} layout="multiline">
          <MessageBarBody>{t("readOnly")}</MessageBarBody>
        </MessageBar>
      )}
      {all.data && all.error && (
        <MessageBar intent="warning" className={styles.message} layout="multiline">
          <MessageBarBody>{t("stale")}</MessageBarBody>
        </MessageBar>
      )}
      {all.data ? (
        hasAny ? (
          <ConnectionsTable all={all.data} exports={exports.data ?? null} />
        ) : (
          <EmptyState
            title={t(mayAdd ? "empty.title" : "empty.otherTitle")}
            icon={<PlugConnectedRegular />}
            action={add}
          >
            {t(mayAdd ? need : "empty.other")}
          </EmptyState>
        )
      ) : all.error ? (
        <ProblemView problem={all.error} retry={() => void all.refetch()} />
      ) : (
        <Loading />
      )}
    </>
  );
}
