import { MessageBar, MessageBarBody, makeStyles, tokens } from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { exportsQuery, hasRun, useWatchedExports } from "../api/exports";
import { useMe } from "../api/me";
import { Loading } from "../app/Centered";
import { Overview } from "../overview/Overview";
import { LinkButton } from "../parts/actions/LinkButton";
import { PageHeader } from "../parts/PageHeader";
import { ProblemView } from "../parts/ProblemView";
import { RunAll } from "./actions/RunAll";
import { ExportsList } from "./ExportsList";
import { NoExports } from "./NoExports";

const useStyles = makeStyles({
  message: { marginBlockEnd: tokens.spacingVerticalL },
});

/** The home screen: every export, how it stands, and what one can do with it. */
export function ExportsScreen() {
  const t = useTranslations("exports");
  const styles = useStyles();
  const me = useMe();
  const all = useQuery(exportsQuery);
  useWatchedExports((all.data ?? []).filter(hasRun).map((each) => each.id));
  const isReader = me.role === "read";
  const hasAny = all.data !== undefined && all.data.length > 0;
  return (
    <>
      <PageHeader
        title={t("title")}
        intro={t("intro")}
        actions={
          hasAny &&
          !isReader && (
            <>
              <RunAll all={all.data} />
              <LinkButton to="/exports/new" appearance="primary" icon={<AddRegular />}>
                {t("add")}
              </LinkButton>
            </>
          )
        }
      />
      {isReader && (
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
          <>
            {!isReader && <Overview all={all.data} />}
            <ExportsList all={all.data} />
          </>
        ) : (
          <NoExports />
        )
      ) : all.error ? (
        <ProblemView problem={all.error} retry={() => void all.refetch()} />
      ) : (
        <Loading />
      )}
    </>
  );
}
