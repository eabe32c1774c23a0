import { useFormatter, useTranslations } from "use-intl";
import type { ReadExport } from "../../api/edited-export";
import { useMe } from "../../api/me";
import { viewerZone } from "../../parts/zones";
import { knownZone } from "./zone-choices";

/** Return the next run in words, in the zone of its schedule, which is named where the viewer's has another time. */
export function useNextRunText({ schedule, next_run }: ReadExport["shown"]): string | null {
  const t = useTranslations("editExport.schedule");
  const format = useFormatter();
  const { refresh } = useMe().app;
  if (!next_run) return null;
  const own =
    typeof schedule === "object" && schedule && "cron" in schedule ? schedule.time_zone : refresh?.time_zone;
  const zone = knownZone(own ?? "", viewerZone());
  const [there, here] = [zone, viewerZone()].map((timeZone) =>
    format.dateTime(new Date(next_run), { timeZone, dateStyle: "full", timeStyle: "short" }),
  );
  return there === here ? (there ?? "") : t("inZone", { time: there ?? "", zone });
}
