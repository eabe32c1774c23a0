import { Text } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import type { WholeConnection } from "../../api/connections";
import { useToast } from "../../app/Toasts";
import { Confirm } from "../../parts/actions/Confirm";
import { ChangeProblem } from "../one/ChangeProblem";
import { isConflict, useChange } from "../one/use-change";

export type OtherAccount = { found: string; expected: string };

/** Asks before a connection goes over to the account that its key leads to now. */
export function AccountDialog(props: {
  whole: WholeConnection;
  etag: string;
  account: OtherAccount;
  close: () => void;
  onDone: () => void;
}) {
  const t = useTranslations("connections.account");
  const toast = useToast();
  const { found, expected } = props.account;
  const { change, isBusy, error } = useChange(props.whole, props.etag);
  return (
    <Confirm
      isOpen
      title={t("title")}
      action={t("action", { found })}
      isBusy={isBusy}
      problem={isConflict(error) ? null : error}
      onCancel={props.close}
      onConfirm={() =>
        change(
          { account_id: found },
          {
            onSuccess: () => {
              toast(t("done", { found }), "success");
              props.close();
              props.onDone();
            },
          },
        )
      }
    >
      {isConflict(error) && <ChangeProblem error={error} />}
      <Text>{t("detail", { expected, found })}</Text>
      <Text>{t("lists")}</Text>
    </Confirm>
  );
}
