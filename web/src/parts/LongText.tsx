import { Link, makeStyles, mergeClasses } from "@fluentui/react-components";
import { useState } from "react";
import { useTranslations } from "use-intl";

const LONG = 170;

const useStyles = makeStyles({
  cut: {
    display: "-webkit-box",
    WebkitLineClamp: 3,
    WebkitBoxOrient: "vertical",
    overflowX: "hidden",
    overflowY: "hidden",
  },
  words: { overflowWrap: "anywhere" },
});

/** A text of which the first three lines are shown, with a button for the rest. */
export function LongText({ text }: { text: string }) {
  const t = useTranslations("parts");
  const styles = useStyles();
  const [isOpen, setOpen] = useState(false);
  if (text.length <= LONG) return <span className={styles.words}>{text}</span>;
  return (
    <span className={styles.words}>
      <span className={mergeClasses(!isOpen && styles.cut)}>{text}</span>{" "}
      <Link as="button" type="button" inline aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {t(isOpen ? "less" : "whole")}
      </Link>
    </span>
  );
}
