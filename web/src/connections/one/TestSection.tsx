import { Button, Spinner } from "@fluentui/react-components";
import type { UseQueryResult } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import type { ConnectionCheck, WholeConnection } from "../../api/connections";
import { Panel } from "../../parts/Panel";
import { TrialPanel } from "../trial/TrialPanel";

/** Tests the connection, and shows what Klaviyo said. */
export function TestSection(props: {
  whole: WholeConnection;
  etag: string;
  trial: UseQueryResult<ConnectionCheck, Error>;
  onKey: () => void;
}) {
  const t = useTranslations("connections.one.test");
  const { trial } = props;
  const mayTest = props.whole.may.includes("test");
  return (
    <Panel
      title={t("title")}
      intro={t("intro")}
      action={
        mayTest && (
          <Button
            disabledFocusable={trial.isFetching}
            {...(trial.isFetching ? { icon: <Spinner size="tiny" aria-hidden /> } : {})}
            onClick={() => void trial.refetch()}
          >
            {t(trial.isFetching ? "running" : trial.data ? "again" : "action")}
          </Button>
        )
      }
    >
      <TrialPanel whole={props.whole} etag={props.etag} trial={trial} onKey={props.onKey} />
    </Panel>
  );
}
