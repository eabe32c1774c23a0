import { useLocale, useTranslations } from "use-intl";
import type { Connection } from "../../api/connections";
import type { Export } from "../../api/exports";
import { useMe } from "../../api/me";
import { AS, useTableStyles } from "../../exports/table-styles";
import { ConnectionRow } from "./ConnectionRow";
import { byName } from "./shown-connections";

export type Column = "name" | "account" | "shared" | "consent" | "used";
const WIDTHS: Readonly<Record<Column, string>> = {
  name: "auto",
  account: "18%",
  shared: "19%",
  consent: "19%",
  used: "15%",
};
const ALL: readonly Column[] = ["name", "account", "shared", "consent", "used"];
/** Who is no administrator sees the names, and which connections may be used. */
const SEEN_BY_OTHERS: readonly Column[] = ["name", "shared", "used"];

/** The connections by name; *exports* is null where they are not known. */
export function ConnectionsTable(props: { all: readonly Connection[]; exports: readonly Export[] | null }) {
  const t = useTranslations("connections");
  const styles = useTableStyles();
  const locale = useLocale();
  const columns = useMe().role === "administer" ? ALL : SEEN_BY_OTHERS;
  return (
    <table className={styles.table} {...AS.table} aria-label={t("title")}>
      <colgroup>
        {columns.map((column) => (
          <col key={column} style={{ width: WIDTHS[column] }} />
        ))}
      </colgroup>
      <thead className={styles.head} {...AS.group}>
        <tr {...AS.row}>
          {columns.map((column) => (
            <th key={column} scope="col" className={styles.heading}>
              {t(`columns.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className={styles.body} {...AS.group}>
        {byName(props.all, locale).map((each) => (
          <ConnectionRow key={each.id} found={each} exports={props.exports} columns={columns} />
        ))}
      </tbody>
    </table>
  );
}
