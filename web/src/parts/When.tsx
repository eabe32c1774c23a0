import { makeStyles, tokens } from "@fluentui/react-components";
import { useFormatter, useNow } from "use-intl";

const useStyles = makeStyles({
  exact: { display: "block", color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
});

/** A time in the viewer's zone: how long ago or ahead, and below it exactly; *isShort* leaves out the latter. */
export function When({ at, isShort = false }: { at: string; isShort?: boolean }) {
  const format = useFormatter();
  const styles = useStyles();
  const now = useNow({ updateInterval: 10_000 });
  const date = new Date(at);
  const exact = format.dateTime(date, { dateStyle: "medium", timeStyle: "short" });
  return (
    <time dateTime={at} title={exact}>
      {format.relativeTime(date, now)}
      {!isShort && <span className={styles.exact}>{exact}</span>}
    </time>
  );
}
