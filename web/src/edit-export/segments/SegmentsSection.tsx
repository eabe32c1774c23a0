import type { SectionProps } from "../frame/section-props";

export function SegmentsSection(_: SectionProps) {
  return null;
}
