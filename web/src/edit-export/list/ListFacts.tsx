import { makeStyles, Spinner, Text, tokens } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import { problemWithoutAnswer } from "../../api/problem";
import { Sentence } from "../../parts/sentences/Sentence";
import { optInText } from "./ListChooser";

const useStyles = makeStyles({
  root: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalXL,
    rowGap: tokens.spacingVerticalXS,
    margin: 0,
  },
  name: { color: tokens.colorNeutralForeground3, display: "inline" },
  value: { display: "inline", margin: 0, marginInlineStart: tokens.spacingHorizontalXS },
});

/** What is known of the chosen list: its id, how people join it, whether a live flow hangs on it. */
export function ListFacts(props: {
  id: string;
  optIn: string | null;
  isChecking: boolean;
  isFlowless: boolean;
  problem: Error | null;
}) {
  const t = useTranslations("editExport.list");
  const styles = useStyles();
  const facts: [string, string][] = [[t("idLabel"), props.id]];
  if (props.optIn) facts.push([t("optInLabel"), optInText(props.optIn, t)]);
  if (props.isFlowless) facts.push([t("flowsLabel"), t("noFlows")]);
  return (
    <>
      <dl className={styles.root}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className={styles.name}>{name}</dt>
            <dd className={styles.value}>{value}</dd>
          </div>
        ))}
        {props.isChecking && <Spinner size="tiny" label={t("asking")} />}
      </dl>
      {props.problem && (
        <Text>
          {t("notAsked")} <Sentence sentence={problemWithoutAnswer(props.problem).sentence} />
        </Text>
      )}
    </>
  );
}
