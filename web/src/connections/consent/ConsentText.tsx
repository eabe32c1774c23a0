import { makeStyles, Skeleton, SkeletonItem, Text, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useLocale, useTranslations } from "use-intl";
import { consentQuery } from "../../api/connections";
import { ProblemView } from "../../parts/ProblemView";

const useStyles = makeStyles({
  text: {
    paddingInlineStart: tokens.spacingHorizontalL,
    borderInlineStartWidth: tokens.strokeWidthThickest,
    borderInlineStartStyle: "solid",
    borderInlineStartColor: tokens.colorBrandStroke2,
    maxWidth: "44rem",
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase400,
  },
  sentence: { marginBlock: tokens.spacingVerticalS },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/**
 * The text of the consent in the reader's language, a sentence a line; *children* gets the version that is shown.
 *
 * *version* shows that text instead of the current one.
 */
export function ConsentText(props: { version?: string | null; children?: (version: string) => ReactNode }) {
  const t = useTranslations("connect.consent");
  const styles = useStyles();
  const texts = useQuery(consentQuery(useLocale()));
  if (texts.error) return <ProblemView problem={texts.error} retry={() => void texts.refetch()} />;
  if (!texts.data) {
    return (
      <Skeleton aria-label={t("text")} className={styles.text}>
        <SkeletonItem size={64} />
      </Skeleton>
    );
  }
  const version = props.version ?? texts.data.current;
  const sentences = (texts.data.texts[version] ?? "").split(/(?<=\.)\s+/);
  return (
    <>
      <div className={styles.text}>
        {sentences.map((sentence) => (
          <p key={sentence} className={styles.sentence}>
            {sentence}
          </p>
        ))}
        <Text size={200} className={styles.quiet}>
          {t("version", { version })}
        </Text>
      </div>
      {props.children?.(version)}
    </>
  );
}
