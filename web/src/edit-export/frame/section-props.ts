import type { FieldError } from "../../api/problem";
import type { DraftField, ExportDraft, ShownExport } from "../draft/draft";
import type { Finding } from "../draft/findings";

/** What each section of the form gets. */
export type SectionProps = {
  draft: ExportDraft;
  change: (change: Partial<Pick<ExportDraft, DraftField>>) => void;
  errors: readonly FieldError[];
  warnings: readonly Finding[];
  isDisabled: boolean;
  /** The export as the app showed it last; none for a new one. */
  stored: ShownExport | null;
};
