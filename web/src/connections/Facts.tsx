import { makeStyles, tokens } from "@fluentui/react-components";
import { Fragment, type ReactNode } from "react";

const useStyles = makeStyles({
  root: {
    display: "grid",
    gridTemplateColumns: "max-content minmax(0, 1fr)",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalS,
    margin: 0,
    "@media (max-width: 40rem)": { gridTemplateColumns: "minmax(0, 1fr)", rowGap: 0 },
  },
  name: { color: tokens.colorNeutralForeground3 },
  value: {
    margin: 0,
    overflowWrap: "anywhere",
    "@media (max-width: 40rem)": { marginBlockEnd: tokens.spacingVerticalS },
  },
});

export type Fact = { name: string; value: ReactNode };

/** Names with their values, one pair a line. */
export function Facts({ label, facts }: { label?: string; facts: readonly Fact[] }) {
  const styles = useStyles();
  return (
    <dl className={styles.root} aria-label={label}>
      {facts.map(({ name, value }) => (
        <Fragment key={name}>
          <dt className={styles.name}>{name}</dt>
          <dd className={styles.value}>{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
