import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import { Sentence } from "../../parts/sentences/Sentence";
import { When } from "../../parts/When";
import type { ShownExport } from "../draft/draft";

const useStyles = makeStyles({
  root: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXXS,
    padding: tokens.spacingHorizontalM,
    backgroundColor: tokens.colorNeutralBackground2,
    borderRadius: tokens.borderRadiusMedium,
    overflowWrap: "anywhere",
  },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** What the app has seen of the segments of a saved export that waits for new data. */
export function NewData({ seen }: { seen: NonNullable<ShownExport["new_data"]> }) {
  const t = useTranslations("editExport.schedule.newData");
  const styles = useStyles();
  if (seen.looked_at === null) return <Text className={styles.root}>{t("notYet")}</Text>;
  return (
    <div className={styles.root}>
      <Text>
        {t("looked")} <When at={seen.looked_at} isShort isPast />
      </Text>
      {seen.written !== null && (
        <Text>
          {t("written")} <When at={seen.written} isShort isPast />
        </Text>
      )}
      {seen.waits_for && (
        <Text className={styles.quiet}>
          <Sentence sentence={seen.waits_for} />
        </Text>
      )}
    </div>
  );
}
