import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { CheckmarkCircleFilled, DismissCircleFilled, WarningFilled } from "@fluentui/react-icons";
import type { ReactNode } from "react";

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
  odd: { color: tokens.colorStatusWarningForeground3 },
  bad: { color: tokens.colorStatusDangerForeground1 },
});
const SIGNS = { good: CheckmarkCircleFilled, odd: WarningFilled, bad: DismissCircleFilled };

/** A list whose items begin with a sign; its *children* are `SignedItem`. */
export function SignedList({ children }: { children: ReactNode }) {
  return <ul className={useStyles().list}>{children}</ul>;
}

/** An item that is well, worth a look, or wrong; its words say so too, as nobody hears the sign. */
export function SignedItem({ tone, children }: { tone: keyof typeof SIGNS; children: ReactNode }) {
  const styles = useStyles();
  const Sign = SIGNS[tone];
  return (
    <li className={styles.item}>
      <span className={mergeClasses(styles.sign, styles[tone])} aria-hidden>
        <Sign />
      </span>
      {children}
    </li>
  );
}
