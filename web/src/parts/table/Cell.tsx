import { mergeClasses } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { AS, useTableStyles } from "./table-styles";

/** A cell of a `CardTable`; on a card *label* stands above it, and *isWhole* gives it the width of the card. */
export function Cell(props: { children: ReactNode; label?: string; isWhole?: boolean; span?: number }) {
  const styles = useTableStyles();
  return (
    <td
      className={mergeClasses(styles.cell, props.isWhole && styles.whole)}
      {...AS.cell}
      {...(props.span ? { colSpan: props.span } : {})}
    >
      {props.label && (
        <span className={styles.label} aria-hidden>
          {props.label}
        </span>
      )}
      {props.children}
    </td>
  );
}
