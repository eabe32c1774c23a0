import type { FieldError } from "../../api/problem";
import type { DraftField, ExportDraft } from "../draft/draft";
import type { Finding } from "../draft/findings";

/** What each section of the form gets. */
export type SectionProps = {
  draft: ExportDraft;
  change: (change: Partial<Pick<ExportDraft, DraftField>>) => void;
  errors: readonly FieldError[];
  warnings: readonly Finding[];
  isDisabled: boolean;
};
