import { ConnectionSection } from "./connection/ConnectionSection";
import { NameFields } from "./connection/NameFields";
import { Section } from "./frame/Section";
import type { SectionProps } from "./frame/section-props";
import { LimitsSection } from "./limits/LimitsSection";
import { ListSection } from "./list/ListSection";
import { ScheduleSection } from "./schedule/ScheduleSection";
import { SegmentsSection } from "./segments/SegmentsSection";

/** The parts of the form, in the order in which one decides. */
export function Sections({
  changeId,
  ...props
}: SectionProps & {
  /** Null where the id cannot be changed any more. */
  changeId: ((id: string) => void) | null;
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
      <Section name="mapping">{null}</Section>
      <Section name="preview">{null}</Section>
      <Section name="schedule">
        <ScheduleSection {...props} />
      </Section>
      <Section name="limits">
        <LimitsSection {...props} />
      </Section>
    </>
  );
}
