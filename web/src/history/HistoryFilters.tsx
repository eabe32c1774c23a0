import { Button, Field, Input, makeStyles, mergeClasses, Select } from "@fluentui/react-components";
import { useLocale, useTranslations } from "use-intl";
import type { Export } from "../api/exports";
import { nameOf } from "../exports/shown-exports";
import { filterBar } from "../parts/bars";
import { type HistorySearch, STATUSES, TRIGGERS } from "./history-search";

const NARROW = "@media (max-width: 40rem)";

const useStyles = makeStyles({
  root: filterBar,
  field: {
    width: "11.5rem",
    [NARROW]: { width: "auto", minWidth: 0, flexBasis: "calc(50% - 6px)", flexGrow: 1 },
  },
  wide: { width: "16rem", [NARROW]: { width: "auto", flexBasis: "100%" } },
  day: { width: "9.5rem", [NARROW]: { width: "auto" } },
  control: { width: "100%", minWidth: 0 },
});

type Choice = { value: string; words: string };

/** Which runs are shown. Everything here stands in the address, so that a link shows the same. */
export function HistoryFilters(props: {
  search: HistorySearch;
  exports: readonly Export[];
  change: (to: HistorySearch) => void;
}) {
  const t = useTranslations("history.filters");
  const statuses = useTranslations("parts.status");
  const triggers = useTranslations("words.triggers");
  const styles = useStyles();
  const locale = useLocale();
  const { search, change } = props;
  const set = (key: keyof HistorySearch, value: string) => {
    const { [key]: _, ...rest } = search;
    change((value ? { ...rest, [key]: value } : rest) as HistorySearch);
  };
  const names = props.exports
    .map((each) => ({ value: each.id, words: nameOf(each) }))
    .sort((one, other) => one.words.localeCompare(other.words, locale, { numeric: true }));
  // The runs of an export that was removed are kept as well.
  const chosen = search.export ?? "";
  if (chosen && !names.some(({ value }) => value === chosen)) names.push({ value: chosen, words: chosen });
  return (
    <search className={styles.root} aria-label={t("label")}>
      <Choose
        label={t("export")}
        all={t("allExports")}
        value={chosen}
        choices={names}
        isWide
        set={(value) => set("export", value)}
      />
      <Choose
        label={t("status")}
        all={t("all")}
        value={search.status ?? ""}
        choices={STATUSES.map((value) => ({ value, words: statuses(value) }))}
        set={(value) => set("status", value)}
      />
      <Choose
        label={t("trigger")}
        all={t("all")}
        value={search.trigger ?? ""}
        choices={TRIGGERS.map((value) => ({ value, words: triggers(value) }))}
        set={(value) => set("trigger", value)}
      />
      {(["from", "to"] as const).map((end) => (
        <Field key={end} label={t(end)} className={mergeClasses(styles.field, styles.day)}>
          <Input
            type="date"
            className={styles.control}
            value={search[end] ?? ""}
            {...(end === "from" ? { max: search.to } : { min: search.from })}
            onChange={(_, { value }) => set(end, value)}
          />
        </Field>
      ))}
      {Object.keys(search).length > 0 && <Button onClick={() => change({})}>{t("clear")}</Button>}
    </search>
  );
}

function Choose(props: {
  label: string;
  all: string;
  value: string;
  choices: readonly Choice[];
  isWide?: boolean;
  set: (value: string) => void;
}) {
  const styles = useStyles();
  return (
    <Field label={props.label} className={props.isWide ? styles.wide : styles.field}>
      <Select
        className={styles.control}
        select={{ className: styles.control }}
        value={props.value}
        onChange={(_, { value }) => props.set(value)}
      >
        <option value="">{props.all}</option>
        {props.choices.map(({ value, words }) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </Select>
    </Field>
  );
}
