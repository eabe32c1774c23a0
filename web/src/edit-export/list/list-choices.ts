import type { ListChoice } from "../../api/lists";

const MOST = 50;
const LIST_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** What is offered for a typed text: lists, how many more there are, and whether the text may be the id of a list. */
export type Offered = { lists: ListChoice[]; more: number; typedId: string | null };

/** Return the lists whose name has *text* in it, in any case, or whose id is *text*; all of them without a text. */
export function offered(lists: readonly ListChoice[], text: string): Offered {
  const wanted = text.trim();
  const folded = wanted.toLocaleLowerCase();
  const found = lists.filter(
    (each) => each.name.toLocaleLowerCase().includes(folded) || each.id.toLowerCase().startsWith(folded),
  );
  const isKnown = lists.some((each) => each.id === wanted);
  return {
    lists: found.slice(0, MOST),
    more: Math.max(0, found.length - MOST),
    typedId: !isKnown && LIST_ID.test(wanted) ? wanted : null,
  };
}
