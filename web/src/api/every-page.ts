export const PAGE = 100;
const MOST_PAGES = 50;

export type Page<T> = { items: T[]; next: string | null };

/** Return the items of all pages; *read* gets the parameter that names where the page begins. */
export async function everyPage<T>(read: (after: { after?: string }) => Promise<Page<T>>): Promise<T[]> {
  const found: T[] = [];
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { items, next }: Page<T> = await read(after === null ? {} : { after });
    found.push(...items);
    after = next && new URL(next, location.origin).searchParams.get("after");
    if (after === null) break;
  }
  return found;
}
