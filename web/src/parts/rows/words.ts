import { useTranslations } from "use-intl";

type Kind = "rejectionReasons" | "noteReasons" | "noteCures" | "effects";

/** Return a function that gives the words for a code of the app; undefined for one that the page does not know. */
export function useWord(kind: Kind): (code: string) => string | undefined {
  const words = useTranslations("words");
  return (code) => {
    const key = `${kind}.${code}` as Parameters<typeof words.has>[0];
    return words.has(key) ? words(key as Parameters<typeof words>[0]) : undefined;
  };
}
