/** What the address of the audit trail says: the month, and what was acted on. Who did it never stands there. */

export type AuditSearch = { month?: string; subject?: string };

export function readAuditSearch({ month, subject }: Record<string, unknown>): AuditSearch {
  const found: AuditSearch = {};
  if (typeof month === "string" && /^20\d\d-(0[1-9]|1[0-2])$/.test(month)) found.month = month;
  if (typeof subject === "string" && /^[a-z][\w/-]{0,299}$/.test(subject)) found.subject = subject;
  return found;
}

/** Return the last *count* months up to that of *now*, in UTC as the trail has them: 2026-11, 2026-10, … */
export function lastMonths(now: Date, count: number): string[] {
  return Array.from({ length: count }, (_, back) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)).toISOString().slice(0, 7),
  );
}
