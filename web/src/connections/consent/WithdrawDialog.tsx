import { Text } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import type { WholeConnection } from "../../api/connections";
import type { Export } from "../../api/exports";
import { useToast } from "../../app/Toasts";
import { Confirm } from "../../parts/actions/Confirm";
import { ExportNames } from "../ExportNames";
import { nameOf, whatStops } from "../list/shown-connections";
import { ChangeProblem } from "../one/ChangeProblem";
import { isConflict, useChange } from "../one/use-change";

/** Asks before the consent is withdrawn, and says which exports stop by it. */
export function WithdrawDialog(props: {
  whole: WholeConnection;
  etag: string;
  exports: readonly Export[];
  close: () => void;
}) {
  const t = useTranslations("connections.one.withdraw");
  const done = useTranslations("connections.one.consent");
  const toast = useToast();
  const { change, isBusy, error } = useChange(props.whole, props.etag);
  const stops = whatStops(props.exports);
  return (
    <Confirm
      isOpen
      title={t("title", { name: nameOf(props.whole) })}
      action={t("action")}
      isBusy={isBusy}
      problem={isConflict(error) ? null : error}
      onCancel={props.close}
      onConfirm={() =>
        change(
          { consent: { accepted: false } },
          {
            onSuccess: () => {
              toast(done("withdrew"), "success");
              props.close();
            },
          },
        )
      }
    >
      {isConflict(error) && <ChangeProblem error={error} />}
      {props.exports.length === 0 && <Text>{t("none")}</Text>}
      {(["running", "planned", "others"] as const).map(
        (kind) =>
          stops[kind].length > 0 && (
            <div key={kind}>
              <Text weight={kind === "running" ? "semibold" : "regular"}>
                {t(kind, { count: stops[kind].length })}
              </Text>
              <ExportNames of={stops[kind]} />
            </div>
          ),
      )}
      <Text>{t("stays")}</Text>
    </Confirm>
  );
}
