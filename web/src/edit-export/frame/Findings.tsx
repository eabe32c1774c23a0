import { MessageBar, MessageBarBody, makeStyles, Text, tokens } from "@fluentui/react-components";
import { ErrorCircleFilled } from "@fluentui/react-icons";
import type { SentenceDocument } from "../../api/problem";
import { Sentence } from "../../parts/sentences/Sentence";
import { useSentence } from "../../parts/sentences/sentences";
import type { Finding } from "../draft/findings";

const useStyles = makeStyles({
  long: { overflowWrap: "anywhere" },
  invalid: { color: tokens.colorPaletteRedForeground1 },
  sign: {
    marginInlineEnd: tokens.spacingHorizontalXS,
    verticalAlign: "-1px",
    color: tokens.colorPaletteRedForeground1,
  },
});

/** Warnings of the app at the place that they are about. */
export function Warnings({ of }: { of: readonly Finding[] }) {
  const styles = useStyles();
  return of.map((each) => (
    <MessageBar key={`${each.pointer} ${each.code}`} intent="warning" layout="multiline">
      <MessageBarBody className={styles.long}>
        <Sentence sentence={each} />
      </MessageBarBody>
    </MessageBar>
  ));
}

/**
 * What is wrong with fields that no `Field` can hold: it would give all its check boxes the same id.
 *
 * It takes the focus after somebody wanted to save.
 */
export function InvalidText({ errors }: { errors: readonly SentenceDocument[] }) {
  const styles = useStyles();
  const say = useSentence();
  if (errors.length === 0) return null;
  return (
    <Text size={200} className={styles.invalid} role="alert" tabIndex={-1} data-invalid>
      <ErrorCircleFilled aria-hidden className={styles.sign} />
      {errors.map((each) => sentenceCase(say(each))).join(" ")}
    </Text>
  );
}

/** Return what a `Field` shows of *errors*: nothing where there are none. */
export function invalid(
  errors: readonly SentenceDocument[],
  say: (sentence: SentenceDocument) => string,
): { validationState?: "error"; validationMessage?: string } {
  return errors.length > 0
    ? { validationState: "error", validationMessage: errors.map((each) => sentenceCase(say(each))).join(" ") }
    : {};
}

/** Problems of fields begin with a small letter, as they stand behind the name of a field elsewhere. */
function sentenceCase(text: string): string {
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`;
}
