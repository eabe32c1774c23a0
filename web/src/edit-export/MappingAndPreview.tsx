import { Text } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import { ProblemView } from "../parts/ProblemView";
import { wishOf } from "./draft/draft";
import { isId } from "./draft/export-id";
import { distinct, type Finding } from "./draft/findings";
import { STAND_IN_ID } from "./draft/use-check";
import { Section } from "./frame/Section";
import type { SectionProps } from "./frame/section-props";
import { MappingEditor } from "./mapping/MappingEditor";
import type { PlacedProblem } from "./mapping/rules/problems";
import { useSegmentColumns } from "./mapping/segment-columns";
import { PreviewPanel } from "./preview/PreviewPanel";

/** Which columns become which fields, and the first rows as a run would send them. */
export function MappingAndPreview({
  draft,
  change,
  errors,
  warnings,
  previewed,
  isDisabled,
  onPreviewed,
}: SectionProps & { onPreviewed: (problems: readonly PlacedProblem[]) => void }) {
  const t = useTranslations("editExport");
  const wish = wishOf(draft);
  const reading = wish.reading ?? null;
  const found = useSegmentColumns(isDisabled ? [] : draft.segments, {
    connectionId: draft.connection_id,
    reading,
  });
  const asWarning = (each: Finding): PlacedProblem => ({ ...each, isWarning: true });
  return (
    <>
      <Section name="mapping">
        {found.problem && <ProblemView problem={found.problem} />}
        <MappingEditor
          mapping={draft.mapping}
          phoneRegion={draft.phone_region}
          columns={found.columns}
          isLoading={found.isLoading}
          onChange={(mapping) => change({ mapping })}
          onPhoneRegion={(phone_region) => change({ phone_region })}
          problems={distinct([...errors, ...previewed, ...warnings.map(asWarning)])}
          disabled={isDisabled}
        />
      </Section>
      <Section name="preview">
        {isDisabled ? (
          <Text>{t("noPreview")}</Text>
        ) : (
          <PreviewPanel
            draft={wish}
            exportId={isId(draft.id) ? draft.id : STAND_IN_ID}
            ready={draft.connection_id !== null && draft.segments.length > 0 && draft.mapping.email !== ""}
            onProblems={onPreviewed}
          />
        )}
      </Section>
    </>
  );
}
