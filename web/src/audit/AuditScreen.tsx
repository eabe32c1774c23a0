import { makeStyles, Text } from "@fluentui/react-components";
import { DocumentSearchRegular } from "@fluentui/react-icons";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { type AuditLine, auditQuery } from "../api/audit";
import { useMe } from "../api/me";
import { Loading } from "../app/Centered";
import { LoadMore } from "../parts/actions/LoadMore";
import { footBar } from "../parts/bars";
import { EmptyState } from "../parts/EmptyState";
import { PageHeader } from "../parts/PageHeader";
import { ProblemView } from "../parts/ProblemView";
import { viewerZone } from "../parts/zones";
import { AuditFilters } from "./AuditFilters";
import { AuditList } from "./AuditList";
import type { AuditSearch } from "./audit-search";
import { useAuthor } from "./names";
import { useSubjectNames } from "./subjects";

const useStyles = makeStyles({
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
      {may.includes("list_audit") ? <Trail search={search} /> : <EmptyState>{t("mayNot")}</EmptyState>}
    </>
  );
}

function Trail({ search }: { search: AuditSearch }) {
  const t = useTranslations("audit");
  const parts = useTranslations("parts");
  const styles = useStyles();
  const author = useAuthor();
  const names = useSubjectNames();
  const [chosen, setWho] = useState("");
  const found = useInfiniteQuery(auditQuery(search));
  const lines: AuditLine[] = found.data?.pages.flatMap((page) => page.lines) ?? [];
  const people = [...new Set(lines.map(author))].sort((one, other) => one.localeCompare(other));
  // Who did something in one month may have done nothing in another.
  const who = people.includes(chosen) ? chosen : "";
  const shown = who ? lines.filter((line) => author(line) === who) : lines;
  return (
    <>
      <AuditFilters search={search} names={names} people={people} who={who} setWho={setWho} />
      {found.error && <ProblemView problem={found.error} retry={() => void found.refetch()} />}
      {!found.data && !found.error && <Loading />}
      {found.data && shown.length === 0 && (
        <EmptyState title={t("noneTitle")} icon={<DocumentSearchRegular />}>
          {t("none")}
        </EmptyState>
      )}
      {shown.length > 0 && <AuditList lines={shown} names={names} />}
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
