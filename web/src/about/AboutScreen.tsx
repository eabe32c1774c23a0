import { makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useFormatter, useLocale, useTranslations } from "use-intl";
import { useMe } from "../api/me";
import { Facts } from "../connections/Facts";
import { cronWordsQuery } from "../edit-export/schedule/cron-words";
import { PageHeader } from "../parts/PageHeader";
import { Panel } from "../parts/Panel";
import { HealthPanel } from "./HealthPanel";
import { LooksPanel } from "./LooksPanel";

/** What Klaviyo allows an account and a request (its OpenAPI, revision 2026-10-15). */
const KLAVIYO = { profiles: 10_000, bytes: 5_000_000, requests: 150, lists: 150 } as const;

const useStyles = makeStyles({
  stack: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL },
});

/** This app: its versions and health, how it is set up, what its limits are, and how the page looks. */
export function AboutScreen() {
  const t = useTranslations("about");
  const words = useTranslations("words.authModes");
  const roles = useTranslations("shell.roles");
  const styles = useStyles();
  const format = useFormatter();
  const { app, role, may } = useMe();
  const versions = [
    { name: t("versions.app"), value: app.version },
    {
      name: t("versions.page"),
      value: PAGE_VERSION === app.version ? PAGE_VERSION : t("versions.other", { version: PAGE_VERSION }),
    },
    { name: t("versions.python"), value: app.python },
  ];
  const setup = [
    { name: t("setup.signIn"), value: words(app.auth_mode) },
    { name: t("setup.role"), value: roles(role) },
    { name: t("setup.keys"), value: t(app.can_enter_keys ? "setup.canEnter" : "setup.cannotEnter") },
    {
      name: t("setup.refresh"),
      value: app.refresh ? (
        <Refresh cron={app.refresh.cron} zone={app.refresh.time_zone} />
      ) : (
        t("setup.noRefresh")
      ),
    },
    { name: t("setup.retention"), value: t("setup.days", { days: Math.round(app.retention_days) }) },
  ];
  const limits = [
    {
      name: t("limits.request"),
      value: t("limits.requestValue", {
        profiles: KLAVIYO.profiles,
        size: format.number(KLAVIYO.bytes / 1e6, { style: "unit", unit: "megabyte" }),
      }),
    },
    { name: t("limits.pace"), value: t("limits.paceValue", { count: KLAVIYO.requests }) },
    { name: t("limits.lists"), value: t("limits.listsValue", { count: KLAVIYO.lists }) },
    { name: t("limits.waiting"), value: t("limits.waitingValue") },
  ];
  return (
    <>
      <PageHeader title={t("title")} intro={t("intro")} />
      <div className={styles.stack}>
        {may.includes("get_health_details") && <HealthPanel />}
        <LooksPanel />
        <Panel title={t("versions.title")}>
          <Facts facts={versions} />
        </Panel>
        <Panel title={t("setup.title")}>
          <Facts facts={setup} />
        </Panel>
        <Panel title={t("limits.title")} intro={t("limits.intro")}>
          <Facts facts={limits} />
        </Panel>
      </div>
    </>
  );
}

function Refresh({ cron, zone }: { cron: string; zone: string }) {
  const words = useQuery(cronWordsQuery(cron, useLocale()));
  return <>{`${words.data ?? cron} (${zone})`}</>;
}
