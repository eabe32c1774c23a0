import type { ReactNode } from "react";
import { AS, useTableStyles } from "./table-styles";

/** A table of *columns*; on a narrow window each row is a card. *children* are its rows. */
export function CardTable<Column extends string>(props: {
  label: string;
  columns: readonly Column[];
  widths: Readonly<Record<Column, string>>;
  heading: (column: Column) => ReactNode;
  /** How the rows are sorted by a column; null for a column by which they cannot be. */
  sorted?: (column: Column) => "ascending" | "descending" | "none" | null;
  children: ReactNode;
}) {
  const styles = useTableStyles();
  return (
    <table className={styles.table} {...AS.table} aria-label={props.label}>
      <colgroup>
        {props.columns.map((column) => (
          <col key={column} style={{ width: props.widths[column] }} />
        ))}
      </colgroup>
      <thead className={styles.head} {...AS.group}>
        <tr {...AS.row}>
          {props.columns.map((column) => {
            const sorted = props.sorted?.(column);
            return (
              <th
                key={column}
                scope="col"
                className={styles.heading}
                {...(sorted ? { "aria-sort": sorted } : {})}
              >
                {props.heading(column)}
              </th>
            );
          })}
        </tr>
      </thead>
      <tbody className={styles.body} {...AS.group}>
        {props.children}
      </tbody>
    </table>
  );
}
