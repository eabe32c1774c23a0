import { Link, makeStyles, Spinner, Text, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { recentRunsQuery } from "../../api/history";
import { Panel } from "../../parts/Panel";
import { ProblemView } from "../../parts/ProblemView";
import { DaysPicture } from "./DaysPicture";
import { DaysTable } from "./DaysTable";
import { DAYS, daysOf, firstMoment, LAYERS } from "./run-days";
import { useTones } from "./tones";

const useStyles = makeStyles({
  root: { marginBlockEnd: tokens.spacingVerticalXL },
  foot: {
    display: "flex",
    flexWrap: "wrap",
    justifyContent: "space-between",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalS,
  },
  legend: {
    display: "flex",
    flexWrap: "wrap",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalXS,
    listStyleType: "none",
    margin: 0,
    padding: 0,
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground2,
  },
  entry: { display: "inline-flex", alignItems: "center", columnGap: tokens.spacingHorizontalXS },
  sign: { width: "12px", height: "12px", flexShrink: 0 },
});

/** The runs of one export over the last days, as a picture with a table behind it; nothing where there was no run. */
export function RunsChart({ exportId }: { exportId: string }) {
  const t = useTranslations("history.chart");
  const styles = useStyles();
  const tones = useTones();
  const [now] = useState(() => new Date());
  const [isTable, setTable] = useState(false);
  const found = useQuery(recentRunsQuery(exportId, firstMoment(now)));
  if (found.data?.runs.length === 0) return null;
  const days = daysOf(found.data?.runs ?? [], now);
  const shown = LAYERS.filter((layer) => days.some(({ rows }) => rows[layer] > 0));
  return (
    <div className={styles.root}>
      <Panel title={t("title", { days: DAYS })}>
        {found.error && <ProblemView problem={found.error} retry={() => void found.refetch()} />}
        {found.isPending && <Spinner size="small" label={t("loading")} />}
        {found.data && (
          <>
            <DaysPicture days={days} />
            <div className={styles.foot}>
              <ul className={styles.legend}>
                {shown.map((layer) => (
                  <li key={layer} className={styles.entry}>
                    <svg className={styles.sign} viewBox="0 0 12 12" aria-hidden="true">
                      <rect width={12} height={12} rx={2} className={tones[layer]} />
                    </svg>
                    {t(`outcomes.${layer}`)}
                  </li>
                ))}
                {days.some(({ failed }) => failed > 0) && (
                  <li className={styles.entry}>
                    <svg className={styles.sign} viewBox="0 0 12 12" aria-hidden="true">
                      <path d="M6 1 l5 10 h-10 z" className={tones.failed} />
                    </svg>
                    {t("failed")}
                  </li>
                )}
              </ul>
              <Link as="button" type="button" aria-expanded={isTable} onClick={() => setTable(!isTable)}>
                {t(isTable ? "hideTable" : "showTable")}
              </Link>
            </div>
            {found.data.before !== null && <Text size={200}>{t("cut")}</Text>}
            {isTable && <DaysTable days={days} />}
          </>
        )}
      </Panel>
    </div>
  );
}
