import { makeStyles, Text, tokens, typographyStyles } from "@fluentui/react-components";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslations } from "use-intl";

const useStyles = makeStyles({
  root: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "flex-start",
    justifyContent: "space-between",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalM,
    marginBlockEnd: tokens.spacingVerticalXL,
  },
  words: { minWidth: 0, flexBasis: "20rem", flexGrow: 1 },
  title: {
    ...typographyStyles.title2,
    margin: 0,
    overflowWrap: "anywhere",
    ":focus": { outlineStyle: "none" },
  },
  intro: {
    display: "block",
    marginBlockStart: tokens.spacingVerticalXS,
    color: tokens.colorNeutralForeground3,
  },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
});

/** Whether a screen was shown before: the first one after a reload leaves the focus where the browser has it. */
const seen = { any: false };

/** The heading of a screen. It takes the focus when one comes to the screen, and names the document. */
export function PageHeader({
  title,
  intro,
  actions,
}: {
  title: string;
  intro?: ReactNode;
  actions?: ReactNode;
}) {
  const t = useTranslations("shell");
  const styles = useStyles();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (seen.any) heading.current?.focus({ preventScroll: true });
    seen.any = true;
  }, []);
  return (
    <div className={styles.root}>
      <title>{`${title} · ${t("product")}`}</title>
      <div className={styles.words}>
        <h1 ref={heading} tabIndex={-1} className={styles.title}>
          {title}
        </h1>
        {intro && <Text className={styles.intro}>{intro}</Text>}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
