import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { exportsQuery } from "../api/exports";
import { isRead, type ListedRun } from "../api/history";
import { CardTable } from "../parts/table/CardTable";
import { BrokenRow, RunRow } from "./RunRow";

const WIDTHS = { run: "23%", asked: "15%", took: "7rem", ended: "auto", rows: "22%" } as const;
const COLUMNS = ["run", "asked", "took", "ended", "rows"] as const;

/** Runs, one a row; on a narrow window each is a card. */
export function RunsTable({ runs }: { runs: readonly ListedRun[] }) {
  const t = useTranslations("history");
  const names = new Map(useQuery(exportsQuery).data?.map((each) => [each.id, each.display_name || each.id]));
  const name = (run: ListedRun) => names.get(run.export_id) ?? run.export_id;
  return (
    <CardTable
      label={t("title")}
      columns={COLUMNS}
      widths={WIDTHS}
      heading={(column) => t(`columns.${column}`)}
    >
      {runs.map((run) =>
        isRead(run) ? (
          <RunRow key={`${run.export_id} ${run.id}`} run={run} name={name(run)} />
        ) : (
          <BrokenRow key={`${run.export_id} ${run.id}`} run={run} name={name(run)} />
        ),
      )}
    </CardTable>
  );
}
