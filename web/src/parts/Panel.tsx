import { makeStyles, Text, tokens, typographyStyles } from "@fluentui/react-components";
import { type ReactNode, useId } from "react";
import { card } from "./card";

const useStyles = makeStyles({
  root: {
    ...card,
    rowGap: tokens.spacingVerticalL,
    minWidth: 0,
    overflowWrap: "anywhere",
  },
  head: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "flex-start",
    justifyContent: "space-between",
    gap: tokens.spacingHorizontalM,
  },
  title: { ...typographyStyles.subtitle1, margin: 0 },
  intro: {
    display: "block",
    marginBlockStart: tokens.spacingVerticalXXS,
    color: tokens.colorNeutralForeground3,
    maxWidth: "42rem",
  },
});

/** A part of a screen with its heading, and what can be done beside it. */
export function Panel(props: { title: string; intro?: string; action?: ReactNode; children?: ReactNode }) {
  const styles = useStyles();
  const id = useId();
  return (
    <section aria-labelledby={id} className={styles.root}>
      <div className={styles.head}>
        <div>
          <h2 id={id} className={styles.title}>
            {props.title}
          </h2>
          {props.intro && <Text className={styles.intro}>{props.intro}</Text>}
        </div>
        {props.action}
      </div>
      {props.children}
    </section>
  );
}
