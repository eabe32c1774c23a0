import { Button, makeStyles, Spinner, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { type Checks, healthQuery } from "../api/health";
import { Cure } from "../cures/Cure";
import { cureOfCheck } from "../overview/needs";
import { Panel } from "../parts/Panel";
import { ProblemView } from "../parts/ProblemView";
import { SignedItem, SignedList } from "../parts/SignedList";
import { Sentence } from "../parts/sentences/Sentence";

/** Checks that look for something, and are well where there is none. */
const FINDS = new Set(["poison", "keys"]);

const useStyles = makeStyles({ name: { fontWeight: tokens.fontWeightSemibold } });

/** Whether those whom the app needs answer, and what to do where one does not. */
export function HealthPanel() {
  const t = useTranslations("about.health");
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
        <SignedList>
          {health.data.map((check) => (
            <Check key={check.name} check={check} />
          ))}
        </SignedList>
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
  return (
    <SignedItem tone={check.problem ? "bad" : check.note ? "odd" : "good"}>
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
    </SignedItem>
  );
}
