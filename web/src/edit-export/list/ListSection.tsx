import type { SectionProps } from "../frame/section-props";

export function ListSection(_: SectionProps) {
  return null;
}
