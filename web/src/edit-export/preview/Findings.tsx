import { MessageBar, MessageBarBody, MessageBarTitle, makeStyles, tokens } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import { useSentence } from "../../parts/sentences/sentences";
import { otherWarnings, type Preview } from "./preview-rules";

const useStyles = makeStyles({
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalL, overflowWrap: "anywhere" },
  bars: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalS },
});

/** What would fail a run, before anything else; then what is worth knowing. */
export function Findings({ preview }: { preview: Preview }) {
  const t = useTranslations("preview");
  const say = useSentence();
  const styles = useStyles();
  const fails = preview.problems.map(say);
  const missing = preview.columns.missing;
  const said = otherWarnings(preview).map(say);
  const isWhole = preview.warnings.every(({ code }) => code !== "list_not_chosen");
  const isSaid = fails.length > 0 || said.length > 0;
  const warnings =
    missing.length > 0 && !isSaid
      ? [t("columnsMissing", { count: missing.length, columns: missing.join(", ") })]
      : said;
  return (
    <div className={styles.bars}>
      {fails.length > 0 ? (
        <Bar intent="error" title={t("fails", { count: fails.length })} texts={fails} />
      ) : (
        <MessageBar intent="success">
          <MessageBarBody>{t(isWhole ? "works" : "worksSoFar")}</MessageBarBody>
        </MessageBar>
      )}
      {warnings.length > 0 && <Bar intent="warning" title={t("look")} texts={warnings} />}
    </div>
  );
}

function Bar(props: { intent: "error" | "warning"; title: string; texts: readonly string[] }) {
  const styles = useStyles();
  const texts = [...new Set(props.texts)];
  return (
    <MessageBar intent={props.intent} layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{props.title}</MessageBarTitle>
        {texts.length === 1 ? (
          <div>{texts[0]}</div>
        ) : (
          <ul className={styles.list}>
            {texts.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        )}
      </MessageBarBody>
    </MessageBar>
  );
}
