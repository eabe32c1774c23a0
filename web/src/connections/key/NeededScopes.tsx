import { makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import {
  CheckmarkCircleFilled,
  DismissCircleFilled,
  QuestionCircleRegular,
  WarningFilled,
} from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { type FoundScope, SCOPES } from "../trial/findings";

const useStyles = makeStyles({
  list: {
    display: "grid",
    alignSelf: "stretch",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 17rem), 1fr))",
    columnGap: tokens.spacingHorizontalXL,
    rowGap: tokens.spacingVerticalS,
    listStyleType: "none",
    margin: 0,
    padding: 0,
  },
  item: { display: "flex", columnGap: tokens.spacingHorizontalS, minWidth: 0 },
  icon: { flexShrink: 0, fontSize: "16px", lineHeight: tokens.lineHeightBase300, paddingBlockStart: "2px" },
  name: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
  quiet: { color: tokens.colorNeutralForeground3 },
  what: { display: "block", color: tokens.colorNeutralForeground2 },
  good: { color: tokens.colorStatusSuccessForeground1 },
  warning: { color: tokens.colorStatusWarningForeground3 },
  bad: { color: tokens.colorStatusDangerForeground1 },
});

type Tone = "good" | "warning" | "bad" | "quiet";

/** The scopes that a key needs and what for; *found* says which of them the key has. */
export function NeededScopes({ found }: { found?: readonly FoundScope[] }) {
  const t = useTranslations("connect.key");
  const trial = useTranslations("connections.trial");
  const words = useTranslations("words.scopes");
  const styles = useStyles();
  return (
    <ul className={styles.list}>
      {(found ?? SCOPES).map((scope) => {
        const state = "state" in scope ? scope.state : null;
        const { tone, icon } = lookOf(state, scope.isRequired);
        const weight = t(scope.isRequired ? "needed" : "helpful");
        const beside = state === null ? weight : trial(`states.${state}`, { weight });
        return (
          <li key={scope.name} className={styles.item}>
            {icon && (
              <span className={mergeClasses(styles.icon, styles[tone])} aria-hidden>
                {icon}
              </span>
            )}
            <span>
              <span className={styles.name}>{scope.name}</span>{" "}
              <Text size={200} className={styles.quiet}>
                {beside}
              </Text>
              <Text size={200} className={styles.what}>
                {words(scope.name)}
              </Text>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function lookOf(state: FoundScope["state"] | null, isRequired: boolean): { tone: Tone; icon: ReactNode } {
  if (state === null) return { tone: "quiet", icon: null };
  if (state === "there") return { tone: "good", icon: <CheckmarkCircleFilled /> };
  if (state === "unchecked") return { tone: "quiet", icon: <QuestionCircleRegular /> };
  return isRequired
    ? { tone: "bad", icon: <DismissCircleFilled /> }
    : { tone: "warning", icon: <WarningFilled /> };
}
