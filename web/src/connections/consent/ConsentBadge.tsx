import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { CheckmarkCircleFilled, SubtractCircleRegular, WarningFilled } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import type { WholeConnection } from "../../api/connections";
import { type ConsentState, consentState } from "../list/shown-connections";

const useStyles = makeStyles({
  root: { display: "inline-flex", alignItems: "center", columnGap: tokens.spacingHorizontalSNudge },
  icon: { display: "inline-flex", fontSize: "16px" },
  given: { color: tokens.colorStatusSuccessForeground1 },
  missing: { color: tokens.colorStatusWarningForeground3 },
  withdrawn: { color: tokens.colorNeutralForeground3 },
});

const ICONS: Readonly<Record<ConsentState, ReactNode>> = {
  given: <CheckmarkCircleFilled />,
  missing: <WarningFilled />,
  withdrawn: <SubtractCircleRegular />,
};

/** How it stands with the consent, in words with a sign before them. */
export function ConsentBadge({ whole }: { whole: WholeConnection }) {
  const t = useTranslations("connections.consentState");
  const styles = useStyles();
  const state = consentState(whole);
  return (
    <span className={styles.root}>
      <span className={mergeClasses(styles.icon, styles[state])} aria-hidden>
        {ICONS[state]}
      </span>
      {t(state)}
    </span>
  );
}
