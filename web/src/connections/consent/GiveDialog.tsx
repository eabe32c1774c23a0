import { useState } from "react";
import { useLocale, useTranslations } from "use-intl";
import type { WholeConnection } from "../../api/connections";
import { useToast } from "../../app/Toasts";
import { Confirm } from "../../parts/actions/Confirm";
import { consentWish } from "../connect/connect-draft";
import { ChangeProblem } from "../one/ChangeProblem";
import { isConflict, useChange } from "../one/use-change";
import { AgreeFields, type Agreement, isAgreed, useMustName } from "./AgreeFields";

/** Asks for the consent of a connection that has none, or whose consent was withdrawn. */
export function GiveDialog(props: {
  whole: WholeConnection;
  etag: string;
  close: () => void;
  onDone: () => void;
}) {
  const t = useTranslations("connections.one.consent");
  const locale = useLocale();
  const toast = useToast();
  const mustName = useMustName();
  const [agreement, setAgreement] = useState<Agreement>({ version: null, name: "" });
  const [wasTried, setTried] = useState(false);
  const { change, isBusy, error } = useChange(props.whole, props.etag);
  const confirm = () => {
    setTried(true);
    if (!isAgreed(agreement, mustName)) return;
    const consent = consentWish(agreement.version, locale, mustName ? agreement.name : null);
    change(
      { consent },
      {
        onSuccess: () => {
          toast(t("gave"), "success");
          props.close();
          props.onDone();
        },
      },
    );
  };
  return (
    <Confirm
      isOpen
      title={t("title")}
      action={t("give")}
      isBusy={isBusy}
      problem={isConflict(error) ? null : error}
      onCancel={props.close}
      onConfirm={confirm}
    >
      {isConflict(error) && <ChangeProblem error={error} />}
      <AgreeFields agreement={agreement} change={setAgreement} wasTried={wasTried} />
    </Confirm>
  );
}
