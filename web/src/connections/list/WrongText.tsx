import { makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import { DismissCircleFilled, WarningFilled } from "@fluentui/react-icons";
import { useTranslations } from "use-intl";
import { useMe } from "../../api/me";
import { LongText } from "../../parts/LongText";
import { useSentence } from "../../parts/sentences/sentences";
import type { Wrong } from "./shown-connections";

const useStyles = makeStyles({
  root: { display: "flex", columnGap: tokens.spacingHorizontalSNudge, minWidth: 0 },
  icon: { flexShrink: 0, fontSize: "16px", lineHeight: tokens.lineHeightBase300, paddingBlockStart: "2px" },
  bad: { color: tokens.colorStatusDangerForeground1 },
  warning: { color: tokens.colorStatusWarningForeground3 },
  words: { color: tokens.colorNeutralForeground2 },
});

/** What is wrong with a connection, with a sign before it. */
export function WrongText({ wrong }: { wrong: Wrong }) {
  const t = useTranslations("connections.wrong");
  const styles = useStyles();
  const say = useSentence();
  const isAdministrator = useMe().role === "administer";
  const text =
    wrong === "consent"
      ? t("consent")
      : wrong === "broken"
        ? t(isAdministrator ? "broken" : "brokenOther")
        : say(wrong);
  const isWarning = wrong === "consent";
  return (
    <span className={styles.root}>
      <span className={mergeClasses(styles.icon, isWarning ? styles.warning : styles.bad)} aria-hidden>
        {isWarning ? <WarningFilled /> : <DismissCircleFilled />}
      </span>
      <Text className={styles.words}>
        <LongText text={text} />
      </Text>
    </span>
  );
}
