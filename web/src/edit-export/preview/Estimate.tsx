import { makeStyles, Text, tokens, typographyStyles } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import { durationOf, type Preview } from "./preview-rules";

const useStyles = makeStyles({
  list: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(7rem, 1fr))",
    gap: tokens.spacingHorizontalL,
    margin: 0,
    padding: tokens.spacingHorizontalL,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
  },
  name: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  value: { ...typographyStyles.subtitle2, margin: 0 },
  into: { display: "block", marginBlockStart: tokens.spacingVerticalS, overflowWrap: "anywhere" },
});

/** How much a run would read and send, and how long Klaviyo's limits make it take. */
export function Estimate({ preview }: { preview: Preview }) {
  const t = useTranslations("preview.estimate");
  const styles = useStyles();
  const { rows, profiles, requests, seconds, is_exact } = preview.estimate;
  const counted = (count: number | null): string =>
    count === null ? t("unknown") : t(is_exact || count < 10 ? "exact" : "about", { count });
  const duration = durationOf(seconds);
  const facts = [
    [t("rows"), counted(rows)],
    [t("profiles"), counted(profiles)],
    [t("requests"), counted(requests)],
    [t("duration"), "count" in duration ? t(duration.unit, { count: duration.count }) : t(duration.unit)],
  ] as const;
  return (
    <div>
      <dl className={styles.list}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className={styles.name}>{name}</dt>
            <dd className={styles.value}>{value}</dd>
          </div>
        ))}
      </dl>
      {preview.list && <Text className={styles.into}>{t("list", { name: preview.list.name })}</Text>}
    </div>
  );
}
