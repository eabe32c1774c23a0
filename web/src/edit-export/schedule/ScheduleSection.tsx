import type { SectionProps } from "../frame/section-props";

export function ScheduleSection(_: SectionProps) {
  return null;
}
