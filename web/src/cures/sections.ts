/**
 * The sections of docs/operations.md: what to do when something needs a person.
 *
 * A section is named by the words of the app in its heading (`### \`lease_lost\``), or else by the heading as an
 * address has it (`### A run failed` is `a-run-failed`).
 */

/** A piece of text; *code* is something to type or to look for as it is, *isStrong* stands out. */
export type Piece = { text: string; kind: "plain" | "code" | "strong" };
export type Block =
  | { kind: "text"; pieces: Piece[] }
  | { kind: "list"; isOrdered: boolean; items: Piece[][] };

/** Return the Markdown of each section by its names, without the sentences of the app and without the heading. */
export function sectionsOf(markdown: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of markdown.split(/^#{2,3} /m).slice(1)) {
    const end = part.indexOf("\n");
    const heading = end < 0 ? part : part.slice(0, end);
    const body = end < 0 ? "" : plainBody(part.slice(end + 1));
    for (const name of namesOf(heading)) if (!found.has(name)) found.set(name, body);
  }
  return found;
}

/** Return *markdown* as blocks: paragraphs, and lists one level deep. */
export function blocksOf(markdown: string): Block[] {
  return markdown
    .split(/\n\s*\n/)
    .map((block) => block.split("\n").filter((line) => line.trim() !== ""))
    .filter((lines) => lines.length > 0)
    .flatMap(blocksOfLines);
}

function blocksOfLines(lines: string[]): Block[] {
  const start = lines.findIndex((line) => ITEM.test(line));
  if (start < 0) return [{ kind: "text", pieces: piecesOf(lines.join(" ")) }];
  const before: Block[] =
    start > 0 ? [{ kind: "text", pieces: piecesOf(lines.slice(0, start).join(" ")) }] : [];
  const items: string[] = [];
  for (const line of lines.slice(start)) {
    if (ITEM.test(line)) items.push(line.replace(ITEM, ""));
    else items.push(`${items.pop() ?? ""} ${line.trim()}`);
  }
  const isOrdered = /^\d/.test(lines[start] ?? "");
  return [...before, { kind: "list", isOrdered, items: items.map(piecesOf) }];
}

/** Return *text* in pieces; a link is only its words, for its address is one of the documentation. */
export function piecesOf(text: string): Piece[] {
  const words = text.replace(/\[([^\]]+)\]\([^)]*\)/g, "$1");
  return words
    .split(/(`[^`]+`|\*\*[^*]+\*\*)/)
    .filter(Boolean)
    .map((piece): Piece => {
      if (piece.startsWith("`")) return { kind: "code", text: piece.slice(1, -1) };
      if (piece.startsWith("**")) return { kind: "strong", text: piece.slice(2, -2) };
      return { kind: "plain", text: piece };
    });
}

const ITEM = /^(?:[-*]|\d+\.) +/;

function namesOf(heading: string): string[] {
  const words = [...heading.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
  return words.length > 0
    ? words
    : [
        heading
          .trim()
          .toLowerCase()
          .replace(/[^\w]+/g, "-"),
      ];
}

/** The screen has the sentence of the app already; the few tables are for who reads the whole page. */
function plainBody(body: string): string {
  const without = body.replace(/^.*:\n(?=\n*[>|])/gm, "");
  const lines = without.split("\n").filter((line) => !/^[>|]/.test(line));
  return lines
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
