import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { connectionChoicesQuery } from "../api/connections";
import { useMe } from "../api/me";
import { Loading } from "../app/Centered";
import { TextLink } from "../parts/actions/TextLink";
import { EmptyState } from "../parts/EmptyState";
import { PageHeader } from "../parts/PageHeader";
import { ProblemView } from "../parts/ProblemView";
import { TestStep } from "./connect/TestStep";
import { Wizard } from "./connect/Wizard";

/** Adds a connection, step by step. */
export function ConnectScreen() {
  const t = useTranslations("connect");
  const { id } = useSearch({ from: "/connections/new" });
  const mayAdd = useMe().may.includes("put_connection");
  return (
    <>
      <PageHeader title={t("title")} intro={t("intro")} />
      {!mayAdd ? (
        <EmptyState action={<TextLink to="/connections">{t("toConnections")}</TextLink>}>
          {t("notAllowed")}
        </EmptyState>
      ) : id === undefined ? (
        <NewConnection />
      ) : (
        <TestStep key={id} id={id} />
      )}
    </>
  );
}

/** The steps before the connection is saved; they have to know which names and ids there are. */
function NewConnection() {
  const all = useQuery(connectionChoicesQuery);
  if (all.error && !all.data) return <ProblemView problem={all.error} retry={() => void all.refetch()} />;
  if (!all.data) return <Loading />;
  return <Wizard others={all.data} />;
}
