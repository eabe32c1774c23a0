import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { ErrorCircleFilled, WarningFilled } from "@fluentui/react-icons";
import { useTranslations } from "use-intl";
import { SECTIONS, type SectionName, sectionOf } from "../draft/findings";
import { sectionId } from "./Section";

const useStyles = makeStyles({
  root: {
    display: "none",
    position: "sticky",
    insetBlockStart: tokens.spacingVerticalXXL,
    "@media (min-width: 64rem)": { display: "block" },
  },
  list: { listStyleType: "none", margin: 0, padding: 0 },
  link: {
    display: "flex",
    alignItems: "center",
    justifyContent: "space-between",
    columnGap: tokens.spacingHorizontalS,
    minHeight: "36px",
    paddingInline: tokens.spacingHorizontalM,
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground2,
    textDecorationLine: "none",
    ":hover": { backgroundColor: tokens.colorSubtleBackgroundHover, color: tokens.colorNeutralForeground1 },
    ":focus-visible": { outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}` },
  },
  error: { color: tokens.colorStatusDangerForeground1, flexShrink: 0 },
  warning: { color: tokens.colorStatusWarningForeground3, flexShrink: 0 },
});

type Pointed = { pointer: string | null };

/** The parts of the form beside it, with a sign where something is to be mended. */
export function Outline({ errors, warnings }: { errors: readonly Pointed[]; warnings: readonly Pointed[] }) {
  const t = useTranslations("editExport");
  const styles = useStyles();
  const has = (found: readonly Pointed[], name: SectionName) =>
    found.some((each) => sectionOf(each.pointer) === name);
  return (
    <nav aria-label={t("outline")} className={styles.root}>
      <ul className={styles.list}>
        {SECTIONS.map((name) => (
          <li key={name}>
            <a href={`#${sectionId(name)}`} className={styles.link}>
              <Text>{t(`sections.${name}.title`)}</Text>
              {has(errors, name) ? (
                <ErrorCircleFilled className={styles.error} aria-label={t("toMend")} />
              ) : (
                has(warnings, name) && <WarningFilled className={styles.warning} aria-label={t("warning")} />
              )}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
