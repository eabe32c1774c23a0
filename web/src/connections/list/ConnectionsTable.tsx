import { useLocale, useTranslations } from "use-intl";
import type { Connection } from "../../api/connections";
import type { Export } from "../../api/exports";
import { useMe } from "../../api/me";
import { CardTable } from "../../parts/table/CardTable";
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
  const locale = useLocale();
  const columns = useMe().role === "administer" ? ALL : SEEN_BY_OTHERS;
  return (
    <CardTable
      label={t("title")}
      columns={columns}
      widths={WIDTHS}
      heading={(column) => t(`columns.${column}`)}
    >
      {byName(props.all, locale).map((each) => (
        <ConnectionRow key={each.id} found={each} exports={props.exports} columns={columns} />
      ))}
    </CardTable>
  );
}
