import { makeStyles, tokens } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import { type Export, hasRun, useRemoveExport } from "../../api/exports";
import { useMe } from "../../api/me";
import { useToast } from "../../app/Toasts";
import { Confirm } from "../../parts/actions/Confirm";
import { nameOf } from "../shown-exports";

const useStyles = makeStyles({
  list: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXS,
    margin: 0,
    paddingInlineStart: tokens.spacingHorizontalXL,
  },
});

/** Asks before an export is removed, and says what becomes of its people, its runs and their history. */
export function RemoveDialog({ found, close }: { found: Export; close: () => void }) {
  const t = useTranslations("exports.remove");
  const styles = useStyles();
  const toast = useToast();
  const { app } = useMe();
  const remove = useRemoveExport();
  const name = nameOf(found);
  return (
    <Confirm
      isOpen
      title={t("title", { name })}
      action={t("action")}
      isBusy={remove.isPending}
      problem={remove.error}
      onCancel={close}
      onConfirm={() =>
        remove.mutate(found, {
          onSuccess: () => {
            toast(t("done", { name }), "success");
            close();
          },
        })
      }
    >
      <ul className={styles.list}>
        {hasRun(found) && <li>{t("stops")}</li>}
        <li>{t("members")}</li>
        <li>{t("history", { days: Math.round(app.retention_days) })}</li>
      </ul>
      <span>{t("final")}</span>
    </Confirm>
  );
}
