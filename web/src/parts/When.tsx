import { makeStyles, tokens } from "@fluentui/react-components";
import { useFormatter, useNow } from "use-intl";

const useStyles = makeStyles({
  exact: { display: "block", color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
});

/**
 * A time in the viewer's zone: how long ago or ahead, and below it exactly; *isShort* leaves out the latter.
 *
 * *isPast* says that it has been, also where the viewer's clock is behind the app's.
 */
export function When({
  at,
  isShort = false,
  isPast = false,
}: {
  at: string;
  isShort?: boolean;
  isPast?: boolean;
}) {
  const format = useFormatter();
  const styles = useStyles();
  useNow({ updateInterval: 10_000 }); // shows it anew; the time itself is taken fresh
  const date = new Date(at);
  const now = new Date();
  const exact = format.dateTime(date, { dateStyle: "medium", timeStyle: "short" });
  return (
    <time dateTime={at} title={exact}>
      {format.relativeTime(isPast && date > now ? now : date, now)}
      {!isShort && <span className={styles.exact}>{exact}</span>}
    </time>
  );
}
