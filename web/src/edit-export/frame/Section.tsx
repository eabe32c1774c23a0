import { makeStyles, Text, tokens, typographyStyles } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { card } from "../../parts/card";
import type { SectionName } from "../draft/findings";

const useStyles = makeStyles({
  root: {
    ...card,
    rowGap: tokens.spacingVerticalL,
    scrollMarginBlockStart: tokens.spacingVerticalXXL,
  },
  title: { ...typographyStyles.subtitle1, margin: 0 },
  intro: {
    display: "block",
    marginBlockStart: tokens.spacingVerticalXXS,
    color: tokens.colorNeutralForeground3,
    maxWidth: "42rem",
  },
});

export function sectionId(name: SectionName): string {
  return `section-${name}`;
}

/** One step of the form, with its heading and what it is about. */
export function Section({ name, children }: { name: SectionName; children: ReactNode }) {
  const t = useTranslations("editExport.sections");
  const styles = useStyles();
  return (
    <section id={sectionId(name)} aria-labelledby={`${sectionId(name)}-title`} className={styles.root}>
      <div>
        <h2 id={`${sectionId(name)}-title`} className={styles.title}>
          {t(`${name}.title`)}
        </h2>
        <Text className={styles.intro}>{t(`${name}.intro`)}</Text>
      </div>
      {children}
    </section>
  );
}
