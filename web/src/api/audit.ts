import { infiniteQueryOptions } from "@tanstack/react-query";
import { answeredLines, api } from "./client";

type Fields = Record<string, unknown>;
/** Somebody did *what* to *subject*; *before* and *after* are its document, null where there is none. */
export type AuditLine = {
  id: string;
  at: string;
  by: { name: string | null; label: string };
  what: string;
  subject: string;
  before: Fields | null;
  after: Fields | null;
};

const PAGE = 50;

/** Who did what in a month, newest first, page by page. The lines name people, so they go with the screen. */
export function auditQuery(asked: { month?: string; subject?: string }) {
  return infiniteQueryOptions({
    queryKey: ["audit", asked],
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...asked, limit: PAGE, ...(pageParam === null ? {} : { before: pageParam }) };
      const { text, next } = await answeredLines(
        api.GET("/audit", { params: { query }, parseAs: "text", signal }),
      );
      const before = next?.get("before");
      return { lines: linesOf(text), before: before == null ? null : Number(before) };
    },
    initialPageParam: null as number | null,
    getNextPageParam: ({ before }) => before,
    gcTime: 0,
  });
}

function linesOf(text: string): AuditLine[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as AuditLine);
}
