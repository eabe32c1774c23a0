import { makeStyles, tokens } from "@fluentui/react-components";
import { useFormatter } from "use-intl";
import { useSharedNow } from "./use-now";

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
  const now = useSharedNow();
  const date = new Date(at);
  const hasBeen = isPast || date.getTime() <= Date.now();
  const exact = format.dateTime(date, { dateStyle: "medium", timeStyle: "short" });
  return (
    <time dateTime={at} title={exact}>
      {format.relativeTime(hasBeen && date > now ? now : date, now)}
      {!isShort && <span className={styles.exact}>{exact}</span>}
    </time>
  );
}
