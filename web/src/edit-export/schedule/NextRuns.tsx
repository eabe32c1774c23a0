import { makeStyles, Spinner, Text, tokens } from "@fluentui/react-components";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "use-intl";
import { connectionChoicesQuery } from "../../api/connections";
import { probeQuery } from "../../api/edited-export";
import { viewerZone } from "../../parts/zones";
import { scheduleProbe } from "../draft/probes";
import { STAND_IN_ID, useDebounced } from "../draft/use-check";
import type { SectionProps } from "../frame/section-props";
import { knownZone } from "./zone-choices";

const useStyles = makeStyles({
  root: {
    padding: tokens.spacingHorizontalM,
    backgroundColor: tokens.colorNeutralBackground2,
    borderRadius: tokens.borderRadiusMedium,
  },
  list: {
    listStyleType: "none",
    margin: 0,
    marginBlockStart: tokens.spacingVerticalXS,
    padding: 0,
    display: "grid",
    rowGap: tokens.spacingVerticalXXS,
  },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** The next five times of the schedule as the app reckons them, in the zone of the schedule. */
export function NextRuns({ draft, stored, isDisabled, zone }: SectionProps & { zone: string }) {
  const t = useTranslations("editExport.schedule");
  const format = useFormatter();
  const styles = useStyles();
  const connections = useQuery(connectionChoicesQuery);
  // The app tells no times of an export without a connection; any that one may use does for the question.
  const connection =
    draft.connection_id ?? connections.data?.find((each) => each.may.includes("use"))?.id ?? null;
  const schedule = useDebounced(draft.schedule, 400);
  const id = stored?.id ?? STAND_IN_ID;
  const probe = useQuery({
    ...probeQuery(id, scheduleProbe(schedule, connection), false),
    enabled: !isDisabled && connection !== null,
    placeholderData: keepPreviousData,
  });
  const times = (isDisabled ? stored?.next_runs : probe.data?.shown?.next_runs) ?? [];
  if (probe.isLoading) return <Spinner size="tiny" label={t("reckoning")} labelPosition="after" />;
  if (times.length === 0) return null;
  const timeZone = knownZone(zone, viewerZone());
  const show = (time: string, timeZone: string) =>
    format.dateTime(new Date(time), {
      timeZone,
      weekday: "short",
      day: "numeric",
      month: "long",
      hour: "numeric",
      minute: "2-digit",
    });
  const isElsewhere = times.some((time) => show(time, timeZone) !== show(time, viewerZone()));
  const day = (time: string, timeZone: string) =>
    format.dateTime(new Date(time), { timeZone, dateStyle: "short" });
  const yours = (time: string) =>
    day(time, timeZone) === day(time, viewerZone())
      ? format.dateTime(new Date(time), { timeZone: viewerZone(), hour: "numeric", minute: "2-digit" })
      : show(time, viewerZone());
  return (
    <div className={styles.root}>
      <Text weight="semibold">{t("next", { zone: timeZone })}</Text>
      <ul className={styles.list}>
        {times.map((time) => (
          <li key={time}>
            <time dateTime={time}>{show(time, timeZone)}</time>
            {isElsewhere && <Text className={styles.quiet}> · {t("yours", { time: yours(time) })}</Text>}
          </li>
        ))}
      </ul>
      {!draft.enabled && <Text className={styles.quiet}>{t("notWhileDisabled")}</Text>}
    </div>
  );
}
