import { useTranslations } from "use-intl";
import { hasRun, type ReadableExport, useEnableExport } from "../../api/exports";
import { useToast } from "../../app/Toasts";
import { Confirm } from "../../parts/actions/Confirm";
import { nameOf } from "../shown-exports";

/** Asks before an export is disabled: a run at work stops. */
export function DisableDialog({ found, close }: { found: ReadableExport; close: () => void }) {
  const t = useTranslations("exports");
  const toast = useToast();
  const disable = useEnableExport();
  const name = nameOf(found);
  return (
    <Confirm
      isOpen
      title={t("disable.title", { name })}
      action={t("disable.action")}
      isBusy={disable.isPending}
      problem={disable.error}
      onCancel={close}
      onConfirm={() =>
        disable.mutate(
          { found, enabled: false },
          {
            onSuccess: () => {
              toast(t("disabledNow", { name }), "success");
              close();
            },
          },
        )
      }
    >
      <span>{t("disable.detail")}</span>
      {hasRun(found) && <span>{t("disable.stops")}</span>}
    </Confirm>
  );
}
