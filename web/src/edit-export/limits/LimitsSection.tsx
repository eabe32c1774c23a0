import type { SectionProps } from "../frame/section-props";

export function LimitsSection(_: SectionProps) {
  return null;
}
