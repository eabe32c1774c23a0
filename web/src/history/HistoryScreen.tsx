import { Button, makeStyles, Text } from "@fluentui/react-components";
import { HistoryRegular } from "@fluentui/react-icons";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { exportsQuery } from "../api/exports";
import { historyQuery } from "../api/history";
import { Loading } from "../app/Centered";
import { LoadMore } from "../parts/actions/LoadMore";
import { footBar } from "../parts/bars";
import { EmptyState } from "../parts/EmptyState";
import { PageHeader } from "../parts/PageHeader";
import { ProblemView } from "../parts/ProblemView";
import { viewerZone } from "../parts/zones";
import { RunsChart } from "./chart/RunsChart";
import { HistoryFilters } from "./HistoryFilters";
import { type HistorySearch, timesOf } from "./history-search";
import { RunsTable } from "./RunsTable";

const useStyles = makeStyles({ foot: footBar });

/** Every run that is still kept, newest first: of all exports or of one, by how it ended, what started it, and when. */
export function HistoryScreen() {
  const t = useTranslations("history");
  const search = useSearch({ from: "/history" });
  const navigate = useNavigate({ from: "/history" });
  const exports = useQuery(exportsQuery);
  const change = (to: HistorySearch) => void navigate({ search: to, replace: true, resetScroll: false });
  return (
    <>
      <PageHeader title={t("title")} intro={t("intro")} />
      <HistoryFilters search={search} exports={exports.data ?? []} change={change} />
      {search.export !== undefined && <RunsChart key={search.export} exportId={search.export} />}
      <Found search={search} clear={() => change({})} />
    </>
  );
}

function Found({ search, clear }: { search: HistorySearch; clear: () => void }) {
  const t = useTranslations("history");
  const parts = useTranslations("parts");
  const styles = useStyles();
  const { from: _, to: __, export: id, ...filters } = search;
  const asked = { ...filters, ...timesOf(search), ...(id === undefined ? {} : { export_id: id }) };
  const found = useInfiniteQuery(historyQuery(asked));
  if (found.error && !found.data)
    return <ProblemView problem={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Loading />;
  const runs = found.data.pages.flatMap((page) => page.runs);
  const isFiltered = Object.keys(search).length > 0;
  if (runs.length === 0) {
    const action = found.hasNextPage ? (
      <LoadMore {...found} />
    ) : (
      isFiltered && <Button onClick={clear}>{t("clear")}</Button>
    );
    return (
      <EmptyState
        title={t(isFiltered ? "noneTitle" : "emptyTitle")}
        icon={<HistoryRegular />}
        action={action}
      >
        {t(found.hasNextPage ? "noneYet" : isFiltered ? "none" : "empty")}
      </EmptyState>
    );
  }
  return (
    <>
      {found.error && <ProblemView problem={found.error} />}
      <RunsTable runs={runs} />
      <div className={styles.foot}>
        <LoadMore {...found} />
        <Text size={200} role="status">
          {t(found.hasNextPage ? "shownSoFar" : "shown", { count: runs.length })}
        </Text>
        <Text size={200}>{parts("zone", { zone: viewerZone() })}</Text>
      </div>
    </>
  );
}
