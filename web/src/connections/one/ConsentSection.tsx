import { Button, Link, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { useFormatter, useLocale, useTranslations } from "use-intl";
import type { WholeConnection } from "../../api/connections";
import type { Export } from "../../api/exports";
import { Panel } from "../../parts/Panel";
import { useWho } from "../../parts/sentences/who";
import { ConsentBadge } from "../consent/ConsentBadge";
import { ConsentText } from "../consent/ConsentText";
import { GiveDialog } from "../consent/GiveDialog";
import { WithdrawDialog } from "../consent/WithdrawDialog";
import { consentState } from "../list/shown-connections";

const useStyles = makeStyles({
  lines: {
    display: "flex",
    flexDirection: "column",
    alignItems: "flex-start",
    rowGap: tokens.spacingVerticalS,
  },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** Who agreed to what and when; to withdraw it, or to give it. */
export function ConsentSection(props: {
  whole: WholeConnection;
  etag: string;
  exports: readonly Export[];
  onGiven: () => void;
}) {
  const t = useTranslations("connections.one.consent");
  const styles = useStyles();
  const locale = useLocale();
  const { whole, etag } = props;
  const { consent } = whole;
  const [asked, setAsked] = useState<"give" | "withdraw" | null>(null);
  const [isTextShown, showText] = useState(false);
  const isGiven = consentState(whole) === "given";
  const language = consent.language ?? "en";
  const action = whole.may.includes("change") && (
    <Button
      appearance={isGiven ? "secondary" : "primary"}
      onClick={() => setAsked(isGiven ? "withdraw" : "give")}
    >
      {t(isGiven ? "withdraw" : "give")}
    </Button>
  );
  return (
    <Panel title={t("title")} action={action}>
      <div className={styles.lines}>
        <ConsentBadge whole={whole} />
        <Text>{useStanding(whole)}</Text>
        {isGiven && (
          <>
            {(consent.claimed || language !== locale) && (
              <Text size={200} className={styles.quiet}>
                {consent.claimed && t("claimed")}{" "}
                {language !== locale && t(language === "uk" ? "otherLanguageUk" : "otherLanguage")}
              </Text>
            )}
            <Link
              as="button"
              type="button"
              aria-expanded={isTextShown}
              onClick={() => showText(!isTextShown)}
            >
              {t(isTextShown ? "hide" : "show")}
            </Link>
            {isTextShown && <ConsentText version={consent.text} />}
          </>
        )}
      </div>
      {asked === "give" && (
        <GiveDialog whole={whole} etag={etag} close={() => setAsked(null)} onDone={props.onGiven} />
      )}
      {asked === "withdraw" && (
        <WithdrawDialog whole={whole} etag={etag} exports={props.exports} close={() => setAsked(null)} />
      )}
    </Panel>
  );
}

/** Return how it stands with the consent, in a sentence. */
function useStanding(whole: WholeConnection): string {
  const t = useTranslations("connections.one.consent");
  const format = useFormatter();
  const who = useWho();
  const { consent } = whole;
  const time = (at: string) => format.dateTime(new Date(at), { dateStyle: "long", timeStyle: "short" });
  if (consent.accepted) {
    const { accepted_by: name, accepted_at: at } = consent;
    return name && at ? t("given", { name: who(name), time: time(at) }) : t("givenUnknown");
  }
  const { withdrawn_by: name, withdrawn_at: at } = consent;
  return name && at ? t("withdrawn", { name: who(name), time: time(at) }) : t("missing");
}
