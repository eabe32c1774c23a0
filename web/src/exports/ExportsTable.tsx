import { Button, mergeClasses, Text } from "@fluentui/react-components";
import { ArrowDown12Regular, ArrowUp12Regular } from "@fluentui/react-icons";
import { useTranslations } from "use-intl";
import type { Export } from "../api/exports";
import { viewerZone } from "../parts/zones";
import { ExportRow } from "./ExportRow";
import { type HomeSearch, nextSort, SORTS, type SortColumn } from "./home-search";
import { AS, useTableStyles } from "./table-styles";

const WIDTHS: Readonly<Record<SortColumn | "actions", string>> = {
  name: "20%",
  connection: "11%",
  list: "11%",
  last: "auto",
  next: "12.5%",
  actions: "14.5rem",
};

/** *rows* with what can be done with each; *taken* are the ids of all exports. */
export function ExportsTable(props: {
  rows: readonly Export[];
  taken: readonly string[];
  search: HomeSearch;
  change: (to: HomeSearch) => void;
}) {
  const t = useTranslations("exports");
  const parts = useTranslations("parts");
  const styles = useTableStyles();
  return (
    <>
      <table className={styles.table} {...AS.table} aria-label={t("title")}>
        <colgroup>
          {[...SORTS, "actions" as const].map((column) => (
            <col key={column} style={{ width: WIDTHS[column] }} />
          ))}
        </colgroup>
        <thead className={styles.head} {...AS.group}>
          <tr {...AS.row}>
            {SORTS.map((column) => (
              <Heading key={column} column={column} search={props.search} change={props.change} />
            ))}
            <th scope="col" className={styles.heading}>
              <span className={styles.unseen}>{t("columns.actions")}</span>
            </th>
          </tr>
        </thead>
        <tbody className={styles.body} {...AS.group}>
          {props.rows.map((each) => (
            <ExportRow key={each.id} found={each} taken={props.taken} />
          ))}
        </tbody>
      </table>
      <Text block size={200} className={styles.foot}>
        {parts("zone", { zone: viewerZone() })}
      </Text>
    </>
  );
}

function Heading(props: { column: SortColumn; search: HomeSearch; change: (to: HomeSearch) => void }) {
  const t = useTranslations("exports.columns");
  const styles = useTableStyles();
  const { column, search } = props;
  const sort = search.sort ?? "name";
  const isSorted = sort.replace("-", "") === column;
  const isDown = sort.startsWith("-");
  const { page: _, sort: __, ...rest } = search;
  const next = nextSort(search.sort, column);
  return (
    <th
      scope="col"
      className={styles.heading}
      aria-sort={isSorted ? (isDown ? "descending" : "ascending") : "none"}
    >
      <Button
        appearance="transparent"
        size="small"
        className={mergeClasses(styles.sort, isSorted && styles.sorted)}
        {...(isSorted
          ? { icon: isDown ? <ArrowDown12Regular /> : <ArrowUp12Regular />, iconPosition: "after" }
          : {})}
        onClick={() => props.change(next === "name" ? rest : { ...rest, sort: next })}
      >
        {t(column)}
      </Button>
    </th>
  );
}
