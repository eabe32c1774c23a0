const MARK = "\ufeff";

/**
 * Return the parts of one CSV file out of *pages*, each of which is a file with a header.
 *
 * Reading a text takes its byte-order mark away, without which Excel garbles Cyrillic.
 */
export function csvFile(pages: readonly string[]): string[] {
  return [MARK, ...pages.map((page, index) => (index === 0 ? page : withoutHeader(page)))];
}

/** The header has no line break of its own, so it ends with the first one. */
function withoutHeader(page: string): string {
  const end = page.indexOf("\n");
  return end < 0 ? "" : page.slice(end + 1);
}
