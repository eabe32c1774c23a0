import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { exportsQuery } from "../api/exports";
import { isRead, type ListedRun } from "../api/history";
import { AS, useTableStyles } from "../exports/table-styles";
import { BrokenRow, RunRow } from "./RunRow";

const WIDTHS = { run: "23%", asked: "15%", took: "7rem", ended: "auto", rows: "22%" } as const;
const COLUMNS = ["run", "asked", "took", "ended", "rows"] as const;

/** Runs, one a row; on a narrow window each is a card. */
export function RunsTable({ runs }: { runs: readonly ListedRun[] }) {
  const t = useTranslations("history");
  const styles = useTableStyles();
  const names = new Map(useQuery(exportsQuery).data?.map((each) => [each.id, each.display_name || each.id]));
  const name = (run: ListedRun) => names.get(run.export_id) ?? run.export_id;
  return (
    <table className={styles.table} {...AS.table} aria-label={t("title")}>
      <colgroup>
        {COLUMNS.map((column) => (
          <col key={column} style={{ width: WIDTHS[column] }} />
        ))}
      </colgroup>
      <thead className={styles.head} {...AS.group}>
        <tr {...AS.row}>
          {COLUMNS.map((column) => (
            <th key={column} scope="col" className={styles.heading}>
              {t(`columns.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className={styles.body} {...AS.group}>
        {runs.map((run) =>
          isRead(run) ? (
            <RunRow key={`${run.export_id} ${run.id}`} run={run} name={name(run)} />
          ) : (
            <BrokenRow key={`${run.export_id} ${run.id}`} run={run} name={name(run)} />
          ),
        )}
      </tbody>
    </table>
  );
}
