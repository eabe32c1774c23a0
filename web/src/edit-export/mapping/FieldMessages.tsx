import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { ErrorCircleFilled, WarningFilled } from "@fluentui/react-icons";
import { useTranslations } from "use-intl";
import { useSentence } from "../../parts/sentences/sentences";
import type { PlacedProblem } from "./rules/problems";

const useStyles = makeStyles({
  line: {
    display: "flex",
    columnGap: tokens.spacingHorizontalXS,
    marginBlockStart: tokens.spacingVerticalXS,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    overflowWrap: "anywhere",
  },
  error: { color: tokens.colorStatusDangerForeground1 },
  warning: { color: tokens.colorNeutralForeground2 },
  icon: { flexShrink: 0, fontSize: "12px", marginBlockStart: "2px" },
  warningIcon: { color: tokens.colorStatusWarningForeground3 },
});

/** What is wrong with a field, or worth knowing of it, below the field. */
export function FieldMessages(props: { problems: readonly PlacedProblem[]; hints?: readonly string[] }) {
  const say = useSaying();
  const styles = useStyles();
  const lines = [
    ...props.problems.map((problem) => ({
      text: capitalized(say(problem)),
      isError: problem.isWarning !== true,
    })),
    ...(props.hints ?? []).map((text) => ({ text, isError: false })),
  ];
  return lines.map(({ text, isError }) => (
    <div key={text} className={mergeClasses(styles.line, isError ? styles.error : styles.warning)}>
      <span className={mergeClasses(styles.icon, !isError && styles.warningIcon)} aria-hidden>
        {isError ? <ErrorCircleFilled /> : <WarningFilled />}
      </span>
      <span>{text}</span>
    </div>
  ));
}

const EFFECTS = {
  values_to_leave_out: "left_out",
  values_to_change: "changed",
  values_to_send_as_they_are: "sent",
} as const;

/** Return a function that says a problem: what becomes of values in few words, as the preview has the details. */
function useSaying(): (problem: PlacedProblem) => string {
  const say = useSentence();
  const t = useTranslations("mapping");
  const words = useTranslations("words");
  return (problem) => {
    const { count, reason } = problem.params;
    const effect = Object.entries(EFFECTS).find(([code]) => code === problem.code)?.[1];
    const key = `noteReasons.${reason}` as "noteReasons.not_a_text";
    if (effect === undefined || typeof count !== "number" || !words.has(key)) return say(problem);
    return t("noted", { effect: words(`effects.${effect}`), count, reason: words(key) });
  };
}

/** Problems of fields begin with a small letter, as they stand behind the name of a field elsewhere. */
function capitalized(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
