/** Numbers as people type them. */

/** Return the whole number in *text*, null where there is none; blanks between the digits are no harm. */
export function wholeFrom(text: string): number | null {
  const digits = text.replace(/[\s\u00a0\u202f.,']/g, "");
  return /^\d{1,15}$/.test(digits) ? Number(digits) : null;
}

/** Return the share that *text*, a percentage with a point or a comma, says; null where it says none. */
export function shareFrom(text: string): number | null {
  const typed = text.trim().replace(",", ".").replace(/\s*%$/, "");
  if (!/^\d{1,3}(\.\d*)?$/.test(typed)) return null;
  return Math.round(Number(typed) * 10_000) / 1_000_000;
}

/** Return *share* as a percentage without its sign: 0.125 gives 12.5. */
export function percentOf(share: number): number {
  return Math.round(share * 1_000_000) / 10_000;
}
