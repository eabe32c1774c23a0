import type { FieldError } from "../../api/problem";
import type { DraftField, ExportDraft, ShownExport } from "../draft/draft";
import type { Finding } from "../draft/findings";
import type { PlacedProblem } from "../mapping/rules/problems";

/** What each section of the form gets. */
export type SectionProps = {
  draft: ExportDraft;
  change: (change: Partial<Pick<ExportDraft, DraftField>>) => void;
  errors: readonly FieldError[];
  warnings: readonly Finding[];
  /** What the last preview says of fields that were not changed since; it is no obstacle to saving. */
  previewed: readonly PlacedProblem[];
  isDisabled: boolean;
  /** The export as the app showed it last; none for a new one. */
  stored: ShownExport | null;
};
