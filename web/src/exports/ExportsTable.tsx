import { Button, mergeClasses, Text } from "@fluentui/react-components";
import { ArrowDown12Regular, ArrowUp12Regular } from "@fluentui/react-icons";
import { useTranslations } from "use-intl";
import type { Export } from "../api/exports";
import { CardTable } from "../parts/table/CardTable";
import { useTableStyles } from "../parts/table/table-styles";
import { viewerZone } from "../parts/zones";
import { ExportRow } from "./ExportRow";
import { type HomeSearch, nextSort, SORTS, type SortColumn } from "./home-search";

const WIDTHS: Readonly<Record<SortColumn | "actions", string>> = {
  name: "20%",
  connection: "11%",
  list: "11%",
  last: "auto",
  next: "12.5%",
  actions: "14.5rem",
};

const COLUMNS = [...SORTS, "actions"] as const;

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
      <CardTable
        label={t("title")}
        columns={COLUMNS}
        widths={WIDTHS}
        sorted={(column) => (column === "actions" ? null : sortedBy(column, props.search))}
        heading={(column) =>
          column === "actions" ? (
            <span className={styles.unseen}>{t("columns.actions")}</span>
          ) : (
            <Heading column={column} search={props.search} change={props.change} />
          )
        }
      >
        {props.rows.map((each) => (
          <ExportRow key={each.id} found={each} taken={props.taken} />
        ))}
      </CardTable>
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
  const sorted = sortedBy(column, search);
  const { page: _, sort: __, ...rest } = search;
  const next = nextSort(search.sort, column);
  return (
    <Button
      appearance="transparent"
      size="small"
      className={mergeClasses(styles.sort, sorted !== "none" && styles.sorted)}
      {...(sorted === "none"
        ? {}
        : {
            icon: sorted === "descending" ? <ArrowDown12Regular /> : <ArrowUp12Regular />,
            iconPosition: "after",
          })}
      onClick={() => props.change(next === "name" ? rest : { ...rest, sort: next })}
    >
      {t(column)}
    </Button>
  );
}

function sortedBy(column: SortColumn, search: HomeSearch): "ascending" | "descending" | "none" {
  const sort = search.sort ?? "name";
  if (sort.replace("-", "") !== column) return "none";
  return sort.startsWith("-") ? "descending" : "ascending";
}
