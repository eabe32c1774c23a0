import { makeStyles, Subtitle1, Text, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  root: {
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    textAlign: "center",
    rowGap: tokens.spacingVerticalM,
    paddingBlock: "4rem",
    paddingInline: tokens.spacingHorizontalL,
    marginInline: "auto",
    maxWidth: "34rem",
  },
  icon: { fontSize: "48px", lineHeight: 1, color: tokens.colorBrandForeground1 },
  title: { margin: 0, textAlign: "center" },
  text: { color: tokens.colorNeutralForeground2 },
  action: { marginBlockStart: tokens.spacingVerticalS },
});

/** What is shown where there is nothing: why, and what to do next. */
export function EmptyState(props: {
  title?: string;
  icon?: ReactNode;
  children: ReactNode;
  action?: ReactNode;
}) {
  const styles = useStyles();
  return (
    <div className={styles.root}>
      {props.icon && (
        <span className={styles.icon} aria-hidden>
          {props.icon}
        </span>
      )}
      {props.title && (
        <Subtitle1 as="h2" className={styles.title}>
          {props.title}
        </Subtitle1>
      )}
      <Text align="center" className={styles.text}>
        {props.children}
      </Text>
      {props.action && <div className={styles.action}>{props.action}</div>}
    </div>
  );
}
