import { Button, makeStyles, Spinner, tokens } from "@fluentui/react-components";
import { CheckmarkCircleFilled, DismissCircleFilled, WarningFilled } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { type Checks, healthQuery } from "../api/health";
import { Cure } from "../cures/Cure";
import { cureOfCheck } from "../overview/needs";
import { Panel } from "../parts/Panel";
import { ProblemView } from "../parts/ProblemView";
import { Sentence } from "../parts/sentences/Sentence";

/** Checks that look for something, and are well where there is none. */
const FINDS = new Set(["poison", "keys"]);

const useStyles = makeStyles({
  list: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalM,
    listStyleType: "none",
    margin: 0,
    padding: 0,
  },
  item: { display: "flex", columnGap: tokens.spacingHorizontalM },
  sign: { display: "inline-flex", flexShrink: 0, fontSize: "20px", lineHeight: tokens.lineHeightBase300 },
  good: { color: tokens.colorStatusSuccessForeground1 },
  bad: { color: tokens.colorStatusDangerForeground1 },
  odd: { color: tokens.colorStatusWarningForeground3 },
  name: { fontWeight: tokens.fontWeightSemibold },
});

/** Whether those whom the app needs answer, and what to do where one does not. */
export function HealthPanel() {
  const t = useTranslations("about.health");
  const styles = useStyles();
  const health = useQuery(healthQuery);
  const again = (
    <Button disabledFocusable={health.isFetching} onClick={() => void health.refetch()}>
      {t(health.isFetching ? "looking" : "again")}
    </Button>
  );
  return (
    <Panel title={t("title")} action={again}>
      {health.error && <ProblemView problem={health.error} />}
      {health.isPending && <Spinner size="small" label={t("looking")} />}
      {health.data && (
        <ul className={styles.list}>
          {health.data.map((check) => (
            <Check key={check.name} check={check} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Check({ check }: { check: Checks["checks"][number] }) {
  const t = useTranslations("about.health");
  const words = useTranslations("words.healthChecks");
  const styles = useStyles();
  const key = check.name as Parameters<typeof words>[0];
  const name = words.has(key) ? words(key) : check.name;
  const sentence = check.problem ?? check.note;
  const [tone, icon] = check.problem
    ? ([styles.bad, <DismissCircleFilled key="bad" />] as const)
    : check.note
      ? ([styles.odd, <WarningFilled key="odd" />] as const)
      : ([styles.good, <CheckmarkCircleFilled key="good" />] as const);
  return (
    <li className={styles.item}>
      <span className={`${styles.sign} ${tone}`} aria-hidden>
        {icon}
      </span>
      <div>
        <span className={styles.name}>{name}</span>{" "}
        {sentence ? (
          <>
            <div>
              <Sentence sentence={sentence} />
            </div>
            <Cure of={cureOfCheck(check.name)} about={name} />
          </>
        ) : (
          <span>{t(FINDS.has(check.name) ? "none" : "works")}</span>
        )}
      </div>
    </li>
  );
}
