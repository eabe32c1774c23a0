import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import type { Export } from "../../api/exports";
import { TextLink } from "../../parts/actions/TextLink";
import { Panel } from "../../parts/Panel";
import { StatusBadge, shownStatus } from "../../parts/StatusBadge";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0 },
  item: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    justifyContent: "space-between",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalXXS,
    paddingBlock: tokens.spacingVerticalS,
    borderBlockStartWidth: tokens.strokeWidthThin,
    borderBlockStartStyle: "solid",
    borderBlockStartColor: tokens.colorNeutralStroke2,
    ":first-child": { borderBlockStartStyle: "none", paddingBlockStart: 0 },
    ":last-child": { paddingBlockEnd: 0 },
  },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** The exports over a connection, and how each stands; *exports* is null while they are not known. */
export function ExportsSection(props: { exports: readonly Export[] | null; error: Error | null }) {
  const t = useTranslations("connections.one.exports");
  const shell = useTranslations("shell");
  const styles = useStyles();
  const { exports } = props;
  if (exports === null) {
    return <Panel title={t("title")}>{<Text>{props.error ? t("unknown") : shell("loading")}</Text>}</Panel>;
  }
  return (
    <Panel title={t("title")}>
      {exports.length === 0 ? (
        <Text className={styles.quiet}>{t("none")}</Text>
      ) : (
        <ul className={styles.list}>
          {exports.map((each) => (
            <li key={each.id} className={styles.item}>
              <span>
                <TextLink to="/exports/$exportId" params={{ exportId: each.id }}>
                  {each.display_name || each.id}
                </TextLink>{" "}
                {each.enabled === false && (
                  <Text size={200} className={styles.quiet}>
                    {t("disabled")}
                  </Text>
                )}
              </span>
              <StatusBadge status={shownStatus(each.last_run)} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
