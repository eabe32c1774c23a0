import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { exportQuery } from "../../api/exports";
import { type Run, type RunId, runQuery } from "../../api/runs";
import { Loading } from "../../app/Centered";
import { TextLink } from "../../parts/actions/TextLink";
import { EmptyState } from "../../parts/EmptyState";
import { PageHeader } from "../../parts/PageHeader";
import { ProblemView } from "../../parts/ProblemView";
import { RejectedPanel } from "./RejectedPanel";
import { UnconfirmedPanel } from "./UnconfirmedPanel";

const useStyles = makeStyles({
  stack: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL },
  kept: { color: tokens.colorNeutralForeground3, maxWidth: "42rem" },
});

/** The rows of a run that were not taken: those that were rejected, and those whose end is not known. */
export function RowsScreen() {
  const t = useTranslations("rows");
  const id = useParams({ from: "/exports/$exportId/runs/$runId/rows" });
  const run = useQuery(runQuery(id));
  const found = useQuery(exportQuery(id.exportId));
  return (
    <>
      <PageHeader
        title={run.data ? t("titleOf", { name: found.data?.display_name || id.exportId }) : t("title")}
        intro={
          <TextLink to="/exports/$exportId/runs/$runId" params={id}>
            {t("back")}
          </TextLink>
        }
      />
      {run.data ? (
        <Rows run={run.data} id={id} />
      ) : run.error ? (
        <ProblemView problem={run.error} retry={() => void run.refetch()} />
      ) : (
        <Loading />
      )}
    </>
  );
}

function Rows({ run, id }: { run: Run; id: RunId }) {
  const t = useTranslations("rows");
  const styles = useStyles();
  const hasRejected = Object.keys(run.reasons.rejected).length > 0 || run.tally.rejected > 0;
  const hasUnconfirmed = run.tally.unconfirmed > 0;
  if (run.ended_at === null) return <EmptyState>{t("notYet")}</EmptyState>;
  if (!run.may.includes("rejections")) return <EmptyState>{t("mayNot")}</EmptyState>;
  if (!hasRejected && !hasUnconfirmed) return <EmptyState>{t("none")}</EmptyState>;
  return (
    <div className={styles.stack}>
      <Text className={styles.kept}>{t("kept")}</Text>
      {hasUnconfirmed && <UnconfirmedPanel run={run} id={id} />}
      {hasRejected && <RejectedPanel run={run} id={id} />}
    </div>
  );
}
