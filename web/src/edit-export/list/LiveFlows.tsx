import {
  Checkbox,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { use } from "react";
import { useLocale, useTranslations } from "use-intl";
import { Sentence } from "../../parts/sentences/Sentence";
import { valuesOf } from "../../parts/sentences/sentence-values";
import { SentencesContext } from "../../parts/sentences/sentences";
import type { Finding } from "../draft/findings";

const useStyles = makeStyles({
  body: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalS },
  yes: { marginInlineStart: `calc(-1 * ${tokens.spacingHorizontalS})` },
});

/** Asks for a yes where a live flow hangs on the list: it may write to everybody whom a run adds. */
export function LiveFlows(props: {
  flows: readonly Finding[];
  isAllowed: boolean;
  isDisabled: boolean;
  onAllow: (isAllowed: boolean) => void;
}) {
  const t = useTranslations("editExport.flows");
  const styles = useStyles();
  const sentences = use(SentencesContext);
  const locale = useLocale();
  if (props.flows.length === 0 && !props.isAllowed) return null;
  const names = props.flows.map((each) => valuesOf(each, "", sentences, locale)["flows"]).filter(Boolean);
  return (
    <MessageBar intent={props.isAllowed ? "info" : "warning"} layout="multiline">
      <MessageBarBody className={styles.body}>
        <MessageBarTitle>
          {t(names.length > 0 || props.flows.length === 0 ? "title" : "unknown")}
        </MessageBarTitle>
        {names.length > 0 ? (
          <span>{t("effect", { flows: names.join(", ") })}</span>
        ) : (
          props.flows.map((each) => (
            <span key={each.code}>
              <Sentence sentence={each} />
            </span>
          ))
        )}
        <Checkbox
          className={styles.yes}
          checked={props.isAllowed}
          disabled={props.isDisabled}
          label={t("allow")}
          onChange={(_, { checked }) => props.onAllow(checked === true)}
        />
      </MessageBarBody>
    </MessageBar>
  );
}
