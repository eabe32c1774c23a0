import { Field, makeStyles, mergeClasses, SearchBox, Select, Text, tokens } from "@fluentui/react-components";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { filterBar } from "../parts/bars";
import { NARROW } from "../parts/table/narrow";
import { type HomeSearch, SORTS, type Sort, STATUS_FILTERS } from "./home-search";

const useStyles = makeStyles({
  root: filterBar,
  search: {
    flexGrow: 1,
    maxWidth: "24rem",
    minWidth: "12rem",
    [NARROW]: { maxWidth: "none", flexBasis: "100%" },
  },
  box: { width: "100%", maxWidth: "none" },
  select: { minWidth: "11rem", [NARROW]: { minWidth: 0, flexBasis: "calc(50% - 6px)", flexGrow: 1 } },
  control: { width: "100%", minWidth: 0 },
  sort: { display: "none", [NARROW]: { display: "grid" } },
  count: {
    marginInlineStart: "auto",
    paddingBlockEnd: tokens.spacingVerticalSNudge,
    color: tokens.colorNeutralForeground3,
    [NARROW]: { flexBasis: "100%", marginInlineStart: 0, paddingBlockEnd: 0 },
  },
});

const PAUSE = 250;

/** Search, filters, and on a narrow window the order, which has no column headings there. */
export function Filters(props: {
  all: number;
  found: number;
  search: HomeSearch;
  connections: readonly { id: string; name: string }[];
  change: (to: HomeSearch) => void;
}) {
  const t = useTranslations("exports.filters");
  const styles = useStyles();
  const { search, change } = props;
  const without = (key: keyof HomeSearch): HomeSearch => {
    const { [key]: _, page: __, ...rest } = search;
    return rest;
  };
  return (
    <search className={styles.root} aria-label={t("label")}>
      <SearchField q={search.q ?? ""} change={(q) => change(q ? { ...without("q"), q } : without("q"))} />
      <Field label={t("status")} className={styles.select}>
        <Select
          className={styles.control}
          select={{ className: styles.control }}
          value={search.status ?? ""}
          onChange={(_, { value }) => {
            const status = STATUS_FILTERS.find((known) => known === value);
            change(status ? { ...without("status"), status } : without("status"));
          }}
        >
          <option value="">{t("all")}</option>
          {STATUS_FILTERS.map((status) => (
            <option key={status} value={status}>
              {t(`statuses.${status}`)}
            </option>
          ))}
        </Select>
      </Field>
      {props.connections.length > 1 && (
        <Field label={t("connection")} className={styles.select}>
          <Select
            className={styles.control}
            select={{ className: styles.control }}
            value={search.connection ?? ""}
            onChange={(_, { value }) =>
              change(value ? { ...without("connection"), connection: value } : without("connection"))
            }
          >
            <option value="">{t("all")}</option>
            {props.connections.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <Field label={t("sort")} className={mergeClasses(styles.select, styles.sort)}>
        <Select
          className={styles.control}
          select={{ className: styles.control }}
          value={(search.sort ?? "name").replace("-", "")}
          onChange={(_, { value }) => {
            const column = SORTS.find((known) => known === value) ?? "name";
            const sort: Sort = column === "last" ? "-last" : column;
            change(sort === "name" ? without("sort") : { ...without("sort"), sort });
          }}
        >
          {SORTS.map((column) => (
            <option key={column} value={column}>
              {t(`sorts.${column}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Text className={styles.count} role="status">
        {props.found === props.all
          ? t("found", { count: props.all })
          : t("foundOf", { count: props.found, all: props.all })}
      </Text>
    </search>
  );
}

/** The field of the search, which waits for a pause in the typing. */
function SearchField({ q, change }: { q: string; change: (q: string) => void }) {
  const t = useTranslations("exports.filters");
  const styles = useStyles();
  const [typed, setTyped] = useState(q);
  // The back button, or "show all", changes the address without any typing.
  const [seen, setSeen] = useState(q);
  if (seen !== q) {
    setSeen(q);
    setTyped(q);
  }
  useEffect(() => {
    if (typed === q) return;
    const timer = setTimeout(() => {
      setSeen(typed);
      change(typed);
    }, PAUSE);
    return () => clearTimeout(timer);
  });
  return (
    <Field label={t("search")} className={styles.search}>
      <SearchBox
        className={styles.box}
        value={typed}
        placeholder={t("placeholder")}
        onChange={(_, { value }) => setTyped(value)}
      />
    </Field>
  );
}
