import { makeStyles, tokens } from "@fluentui/react-components";
import { blocksOf, type Piece } from "./sections";

const useStyles = makeStyles({
  root: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalS,
    overflowWrap: "anywhere",
  },
  block: { margin: 0 },
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL },
  code: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
});

/** A section of docs/operations.md, or its translation, as text. */
export function CureText({ text }: { text: string }) {
  const styles = useStyles();
  return (
    <div className={styles.root}>
      {blocksOf(text).map((block, index) => {
        const key = `${index}`;
        if (block.kind === "text")
          return (
            <p key={key} className={styles.block}>
              <Pieces pieces={block.pieces} />
            </p>
          );
        const items = block.items.map((pieces, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the text never changes
          <li key={place}>
            <Pieces pieces={pieces} />
          </li>
        ));
        return block.isOrdered ? (
          <ol key={key} className={styles.list}>
            {items}
          </ol>
        ) : (
          <ul key={key} className={styles.list}>
            {items}
          </ul>
        );
      })}
    </div>
  );
}

function Pieces({ pieces }: { pieces: readonly Piece[] }) {
  const styles = useStyles();
  return pieces.map(({ kind, text }, index) => {
    const key = `${index}`;
    if (kind === "code")
      return (
        <code key={key} className={styles.code}>
          {text}
        </code>
      );
    return kind === "strong" ? <strong key={key}>{text}</strong> : <span key={key}>{text}</span>;
  });
}
