import { Field, makeStyles, Select } from "@fluentui/react-components";
import { useNavigate } from "@tanstack/react-router";
import { useFormatter, useTranslations } from "use-intl";
import { filterBar } from "../parts/bars";
import { type AuditSearch, lastMonths } from "./audit-search";
import type { SubjectNames } from "./subjects";

const MONTHS = 24;
const KINDS = ["exports", "connections", "queues"] as const;

const useStyles = makeStyles({
  filters: filterBar,
  field: { width: "14rem", "@media (max-width: 40rem)": { width: "auto", flexBasis: "100%" } },
  control: { width: "100%", minWidth: 0 },
});

/** Which lines are shown: of a month, about everything of a kind or about one thing, and by whom. */
export function AuditFilters(props: {
  search: AuditSearch;
  names: SubjectNames;
  people: readonly string[];
  who: string;
  setWho: (who: string) => void;
}) {
  const t = useTranslations("audit.filters");
  const styles = useStyles();
  const format = useFormatter();
  const navigate = useNavigate({ from: "/audit" });
  const { month, subject } = props.search;
  const set = (key: keyof AuditSearch, value: string) => {
    const { [key]: _, ...rest } = props.search;
    void navigate({ search: value ? { ...rest, [key]: value } : rest, replace: true, resetScroll: false });
  };
  const months = lastMonths(new Date(), MONTHS);
  const groups = (["exports", "connections"] as const).map((kind) => ({
    kind,
    choices: [...props.names[kind]].map(([id, words]) => ({ value: `${kind}/${id}`, words })),
  }));
  const known: readonly string[] = [
    ...KINDS,
    ...groups.flatMap(({ choices }) => choices.map(({ value }) => value)),
  ];
  return (
    <search className={styles.filters} aria-label={t("label")}>
      <Field label={t("month")} className={styles.field}>
        <Select
          className={styles.control}
          select={{ className: styles.control }}
          value={month ?? months[0] ?? ""}
          onChange={(_, { value }) => set("month", value === months[0] ? "" : value)}
        >
          {[...new Set([...months, ...(month ? [month] : [])])].map((each) => (
            <option key={each} value={each}>
              {format.dateTime(new Date(`${each}-15T00:00:00Z`), { year: "numeric", month: "long" })}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t("subject")} className={styles.field}>
        <Select
          className={styles.control}
          select={{ className: styles.control }}
          value={subject ?? ""}
          onChange={(_, { value }) => set("subject", value)}
        >
          <option value="">{t("all")}</option>
          {KINDS.map((each) => (
            <option key={each} value={each}>
              {t(`subjects.${each}`)}
            </option>
          ))}
          {subject !== undefined && !known.includes(subject) && <option value={subject}>{subject}</option>}
          {groups.map(
            ({ kind, choices }) =>
              choices.length > 0 && (
                <optgroup key={kind} label={t(`one.${kind}`)}>
                  {choices.map(({ value, words }) => (
                    <option key={value} value={value}>
                      {words}
                    </option>
                  ))}
                </optgroup>
              ),
          )}
        </Select>
      </Field>
      <Field label={t("who")} className={styles.field}>
        <Select
          className={styles.control}
          select={{ className: styles.control }}
          value={props.who}
          onChange={(_, { value }) => props.setWho(value)}
        >
          <option value="">{t("everybody")}</option>
          {props.people.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </Select>
      </Field>
    </search>
  );
}
