import { makeStyles, mergeClasses, tokens, typographyStyles } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  list: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fill, minmax(6.5rem, 1fr))",
    columnGap: tokens.spacingHorizontalM,
    rowGap: tokens.spacingVerticalL,
    margin: 0,
  },
  column: { gridTemplateColumns: "1fr" },
  name: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  value: { margin: 0, fontVariantNumeric: "tabular-nums" },
  big: { ...typographyStyles.subtitle2 },
  note: {
    display: "block",
    overflowWrap: "anywhere",
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightRegular,
  },
});

export type Fact = {
  name: string;
  value: ReactNode;
  note?: string | undefined;
  /** What belongs to the value, one below the other. */
  names?: readonly string[];
};

/** Names with their values: numbers side by side, or words below each other (*isColumn*). */
export function Facts({ facts, isColumn = false }: { facts: readonly Fact[]; isColumn?: boolean }) {
  const styles = useStyles();
  return (
    <dl className={mergeClasses(styles.list, isColumn && styles.column)}>
      {facts.map(({ name, value, note, names = [] }) => (
        <div key={name}>
          <dt className={styles.name}>{name}</dt>
          <dd className={mergeClasses(styles.value, !isColumn && styles.big)}>
            {value}
            {note && <span className={styles.note}>{note}</span>}
            {names.map((each) => (
              <span key={each} className={styles.note}>
                {each}
              </span>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}
