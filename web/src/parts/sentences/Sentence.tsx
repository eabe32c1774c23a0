import type { SentenceDocument } from "../../api/problem";
import { useSentence } from "./sentences";

/** A sentence of the app in the reader's language. */
export function Sentence({ sentence }: { sentence: SentenceDocument }) {
  return <>{useSentence()(sentence)}</>;
}
