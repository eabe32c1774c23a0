/** What the address of the rows of a run says: the reason, and nothing of any person. */
import type { Rejected } from "./rejected-rows";

export type RowsSearch = { reason?: string };

const LONGEST = 100;

export function readRowsSearch({ reason }: Record<string, unknown>): RowsSearch {
  return typeof reason === "string" && reason !== "" && reason.length <= LONGEST ? { reason } : {};
}

/** Return those of *rows* that have every word of *typed* somewhere: in a value, the file or the row's number. */
export function matching(rows: readonly Rejected[], typed: string): readonly Rejected[] {
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const text = [row.blob ?? "", row.row ?? "", row.detail, JSON.stringify(row.fields)]
      .join("\n")
      .toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}
