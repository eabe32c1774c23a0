import { Field, makeStyles, Select, Text } from "@fluentui/react-components";
import { DocumentSearchRegular } from "@fluentui/react-icons";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { type AuditLine, auditQuery } from "../api/audit";
import { useMe } from "../api/me";
import { Loading } from "../app/Centered";
import { LoadMore } from "../parts/actions/LoadMore";
import { filterBar, footBar } from "../parts/bars";
import { EmptyState } from "../parts/EmptyState";
import { PageHeader } from "../parts/PageHeader";
import { ProblemView } from "../parts/ProblemView";
import { viewerZone } from "../parts/zones";
import { AuditList } from "./AuditList";
import { type AuditSearch, lastMonths } from "./audit-search";
import { useAuthor } from "./names";

const MONTHS = 24;
const SUBJECTS = ["exports", "connections", "queues"] as const;

const useStyles = makeStyles({
  filters: filterBar,
  field: { width: "14rem", "@media (max-width: 40rem)": { width: "auto", flexBasis: "100%" } },
  control: { width: "100%", minWidth: 0 },
  foot: footBar,
});

/** Who changed or started what, in a month; for administrators. */
export function AuditScreen() {
  const t = useTranslations("audit");
  const search = useSearch({ from: "/audit" });
  const { may } = useMe();
  return (
    <>
      <PageHeader title={t("title")} intro={t("intro")} />
      {may.includes("list_audit") ? (
        <Trail key={JSON.stringify(search)} search={search} />
      ) : (
        <EmptyState>{t("mayNot")}</EmptyState>
      )}
    </>
  );
}

function Trail({ search }: { search: AuditSearch }) {
  const t = useTranslations("audit");
  const parts = useTranslations("parts");
  const styles = useStyles();
  const author = useAuthor();
  const [who, setWho] = useState("");
  const found = useInfiniteQuery(auditQuery(search));
  const lines: AuditLine[] = found.data?.pages.flatMap((page) => page.lines) ?? [];
  const people = [...new Set(lines.map(author))].sort((one, other) => one.localeCompare(other));
  const shown = who ? lines.filter((line) => author(line) === who) : lines;
  return (
    <>
      <Filters search={search} people={people} who={who} setWho={setWho} />
      {found.error && <ProblemView problem={found.error} retry={() => void found.refetch()} />}
      {!found.data && !found.error && <Loading />}
      {found.data && shown.length === 0 && (
        <EmptyState title={t("noneTitle")} icon={<DocumentSearchRegular />}>
          {t("none")}
        </EmptyState>
      )}
      {shown.length > 0 && <AuditList lines={shown} />}
      {found.data && (
        <div className={styles.foot}>
          <LoadMore {...found} />
          <Text size={200} role="status">
            {t("shown", { count: shown.length })}
          </Text>
          <Text size={200}>{parts("zone", { zone: viewerZone() })}</Text>
        </div>
      )}
    </>
  );
}

function Filters(props: {
  search: AuditSearch;
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
  const isOther = subject !== undefined && !SUBJECTS.some((known) => known === subject);
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
          {SUBJECTS.map((each) => (
            <option key={each} value={each}>
              {t(`subjects.${each}`)}
            </option>
          ))}
          {isOther && <option value={subject}>{subject}</option>}
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
