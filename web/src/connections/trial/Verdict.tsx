import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
} from "@fluentui/react-components";
import { useFormatter, useTranslations } from "use-intl";
import type { ConnectionCheck } from "../../api/connections";
import { Sentence } from "../../parts/sentences/Sentence";
import { KlaviyoLink } from "../key/KlaviyoLink";
import { type Cure, foundIn } from "./findings";

/** What a person can do where a test fails. */
export type Cures = {
  onKey: () => void;
  onConsent: () => void;
  /** Use the account that the key leads to, instead of the one before. */
  onAccount: (found: string, expected: string) => void;
};

/** Whether the connection can be used; where it cannot, what is wrong and what to do about it. */
export function Verdict({ check, cures }: { check: ConnectionCheck; cures: Cures }) {
  const t = useTranslations("connections.trial");
  const format = useFormatter();
  if (check.is_usable) {
    const account = check.account?.name;
    return (
      <MessageBar intent="success" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{t("usable")}</MessageBarTitle>
          {account ? t("usableDetail", { account }) : t("usableUnknown")}
        </MessageBarBody>
      </MessageBar>
    );
  }
  return foundIn(check).map((each) =>
    each.kind === "scopes" ? (
      <MessageBar key="scopes" intent="error" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{t("notUsable")}</MessageBarTitle>
          {t("scopesMissing", { names: format.list(each.names, { type: "conjunction" }) })} {t("scopesCure")}{" "}
          <KlaviyoLink />
        </MessageBarBody>
        <MessageBarActions>
          <Button onClick={cures.onKey}>{t("changeKey")}</Button>
        </MessageBarActions>
      </MessageBar>
    ) : (
      <MessageBar
        key={each.problem.code}
        intent={each.cure === "consent" ? "warning" : "error"}
        layout="multiline"
      >
        <MessageBarBody>
          <MessageBarTitle>{t("notUsable")}</MessageBarTitle>
          <Sentence sentence={each.problem} /> {each.cure === "key" && <KlaviyoLink />}
        </MessageBarBody>
        <CureButtons cure={each.cure} params={each.problem.params} cures={cures} />
      </MessageBar>
    ),
  );
}

function CureButtons(props: { cure: Cure; params: Record<string, string | number | null>; cures: Cures }) {
  const t = useTranslations("connections.trial");
  const { cure, params, cures } = props;
  if (cure === null) return null;
  const { found, expected } = params;
  return (
    <MessageBarActions>
      {cure === "consent" && <Button onClick={cures.onConsent}>{t("giveConsent")}</Button>}
      {cure !== "consent" && <Button onClick={cures.onKey}>{t("changeKey")}</Button>}
      {cure === "account" && typeof found === "string" && typeof expected === "string" && (
        <Button onClick={() => cures.onAccount(found, expected)}>
          {t("takeAccount", { account: found })}
        </Button>
      )}
    </MessageBarActions>
  );
}
