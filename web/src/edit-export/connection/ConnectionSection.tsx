import type { SectionProps } from "../frame/section-props";

export function ConnectionSection(_: SectionProps) {
  return null;
}
