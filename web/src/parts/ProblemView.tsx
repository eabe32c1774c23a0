import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import { problemWithoutAnswer } from "../api/problem";
import { useSentence } from "./sentences/sentences";

const useStyles = makeStyles({
  fields: { marginBlock: tokens.spacingVerticalXS, paddingInlineStart: tokens.spacingHorizontalL },
});

/**
 * What went wrong, and with which fields.
 *
 * *named* gives a field's name for its pointer (`/limits/max_rows`); a field that it does not know is shown by pointer.
 */
export function ProblemView(props: {
  problem: Error;
  retry?: () => void;
  named?: (pointer: string) => string | undefined;
}) {
  const t = useTranslations("parts");
  const shell = useTranslations("shell");
  const styles = useStyles();
  const say = useSentence();
  const problem = problemWithoutAnswer(props.problem);
  return (
    <MessageBar intent="error" layout="multiline" role="alert">
      <MessageBarBody>
        <MessageBarTitle>{t("problem")}</MessageBarTitle>
        {say(problem.sentence)}
        {problem.errors.length > 0 && (
          <ul className={styles.fields} aria-label={t("fields")}>
            {problem.errors.map((error) => (
              <li key={`${error.pointer} ${error.code}`}>
                <strong>{props.named?.(error.pointer) ?? error.pointer}</strong>: {say(error)}
              </li>
            ))}
          </ul>
        )}
      </MessageBarBody>
      {props.retry && (
        <MessageBarActions>
          <Button onClick={props.retry}>{shell("retry")}</Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}
