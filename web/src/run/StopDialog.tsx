import { makeStyles, tokens } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import { type Run, type RunId, useStopRun } from "../api/runs";
import { useToast } from "../app/Toasts";
import { Confirm } from "../parts/actions/Confirm";

const useStyles = makeStyles({
  list: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXS,
    margin: 0,
    paddingInlineStart: tokens.spacingHorizontalXL,
  },
});

/** Asks before the run is cancelled, or ended without waiting for Klaviyo, and says what that means. */
export function StopDialog(props: { id: RunId; run: Run; stop: "cancel" | "hurry"; close: () => void }) {
  const t = useTranslations(`run.${props.stop}`);
  const actions = useTranslations("run.actions");
  const styles = useStyles();
  const toast = useToast();
  const ask = useStopRun(props.id);
  return (
    <Confirm
      isOpen
      title={t("title")}
      action={actions(props.stop)}
      cancel={t("keep")}
      isBusy={ask.isPending}
      problem={ask.error}
      onCancel={props.close}
      onConfirm={() =>
        ask.mutate(props.stop === "cancel", {
          onSuccess: () => {
            toast(t("done"), "success");
            props.close();
          },
        })
      }
    >
      <ul className={styles.list}>
        <li>{t("first")}</li>
        <li>{t("second", { count: props.run.tally.accepted })}</li>
        <li>{t("third")}</li>
      </ul>
    </Confirm>
  );
}
