import { MessageBar, MessageBarBody } from "@fluentui/react-components";
import type { SentenceDocument } from "../../api/problem";
import { Sentence } from "../../parts/Sentence";
import type { Finding } from "../draft/findings";

/** Warnings of the app at the place that they are about. */
export function Warnings({ of }: { of: readonly Finding[] }) {
  return of.map((each) => (
    <MessageBar key={`${each.pointer} ${each.code}`} intent="warning" layout="multiline">
      <MessageBarBody>
        <Sentence sentence={each} />
      </MessageBarBody>
    </MessageBar>
  ));
}

/** Return what a `Field` shows of *errors*: nothing where there are none. */
export function invalid(
  errors: readonly SentenceDocument[],
  say: (sentence: SentenceDocument) => string,
): { validationState?: "error"; validationMessage?: string } {
  return errors.length > 0
    ? { validationState: "error", validationMessage: errors.map((each) => sentenceCase(say(each))).join(" ") }
    : {};
}

/** Problems of fields begin with a small letter, as they stand behind the name of a field elsewhere. */
function sentenceCase(text: string): string {
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`;
}
