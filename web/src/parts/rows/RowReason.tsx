import { makeStyles, tokens } from "@fluentui/react-components";
import type { SentenceDocument } from "../../api/problem";
import { useSentence } from "../sentences/sentences";
import { useWord } from "./words";

const useStyles = makeStyles({
  detail: { display: "block", color: tokens.colorNeutralForeground3, maxWidth: "24rem" },
});

/** A sentence that says no more than the label of its reason. */
const SAID_BY_THE_LABEL = "email_missing";

export type WhyRejected = Omit<SentenceDocument, "code"> & { reason: string; code: string | null };

/** Why a row was rejected: the label of the reason, and the sentence where that says more. Klaviyo's has no code. */
export function RowReason({ row }: { row: WhyRejected }) {
  const styles = useStyles();
  const reasonOf = useWord("rejectionReasons");
  const say = useSentence();
  return (
    <>
      {reasonOf(row.reason) ?? row.reason}
      {row.code !== SAID_BY_THE_LABEL && (
        <span className={styles.detail} {...(row.code === null ? { lang: "en" } : {})}>
          {say({ code: row.code ?? "", params: row.params, detail: row.detail })}
        </span>
      )}
    </>
  );
}
