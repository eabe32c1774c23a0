import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  scroll: {
    overflowX: "auto",
    borderRadius: tokens.borderRadiusMedium,
    border: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}`,
    ":focus-visible": { outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}` },
  },
  table: {
    borderCollapse: "collapse",
    width: "100%",
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    "& th": {
      textAlign: "start",
      fontWeight: tokens.fontWeightSemibold,
      whiteSpace: "nowrap",
      backgroundColor: tokens.colorNeutralBackground2,
    },
    "& th, & td": {
      paddingBlock: tokens.spacingVerticalSNudge,
      paddingInline: tokens.spacingHorizontalM,
      verticalAlign: "top",
      borderBlockEndWidth: tokens.strokeWidthThin,
      borderBlockEndStyle: "solid",
      borderBlockEndColor: tokens.colorNeutralStroke3,
    },
    "& tbody:last-child tr:last-child td": { borderBlockEndStyle: "none" },
    "& th[data-number]": { textAlign: "end" },
    "& td": { maxWidth: "24rem", overflowWrap: "break-word" },
  },
});

/** The name of a column; numbers stand at its end. */
type Head = string | { ofNumbers: string };

/** A table, whose *children* are its bodies, that scrolls by itself where it is wider than the window; the keyboard scrolls it as well. */
export function ScrollTable(props: { label: string; heads: readonly Head[]; children: ReactNode }) {
  const styles = useStyles();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section className={styles.scroll} aria-label={props.label} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            {props.heads.map((head, index) => {
              const isText = typeof head === "string";
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: two fields may have one name
                <th key={index} scope="col" data-number={isText ? undefined : ""}>
                  {isText ? head : head.ofNumbers}
                </th>
              );
            })}
          </tr>
        </thead>
        {props.children}
      </table>
    </section>
  );
}
