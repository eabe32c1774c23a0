import { ConnectionSection } from "./connection/ConnectionSection";
import { NameFields } from "./connection/NameFields";
import { Section } from "./frame/Section";
import type { SectionProps } from "./frame/section-props";
import { LimitsSection } from "./limits/LimitsSection";
import { ListSection } from "./list/ListSection";
import { MappingAndPreview } from "./MappingAndPreview";
import type { PlacedProblem } from "./mapping/rules/problems";
import { ScheduleSection } from "./schedule/ScheduleSection";
import { SegmentsSection } from "./segments/SegmentsSection";

/** The parts of the form, in the order in which one decides. */
export function Sections({
  changeId,
  onPreviewed,
  ...props
}: SectionProps & {
  /** Null where the id cannot be changed any more. */
  changeId: ((id: string) => void) | null;
  onPreviewed: (problems: readonly PlacedProblem[]) => void;
}) {
  return (
    <>
      <Section name="connection">
        <ConnectionSection {...props} />
        <NameFields {...props} changeId={changeId} />
      </Section>
      <Section name="list">
        <ListSection {...props} />
      </Section>
      <Section name="segments">
        <SegmentsSection {...props} />
      </Section>
      <MappingAndPreview {...props} onPreviewed={onPreviewed} />
      <Section name="schedule">
        <ScheduleSection {...props} />
      </Section>
      <Section name="limits">
        <LimitsSection {...props} />
      </Section>
    </>
  );
}
