import { useBlocker } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { Confirm } from "../parts/actions/Confirm";

/** Asks before one leaves the screen by a link, the back button, a reload or closing the tab, while *when*. */
export function UnsavedGuard({ when }: { when: boolean }) {
  const t = useTranslations("shell.unsaved");
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => when && current.pathname !== next.pathname,
    enableBeforeUnload: () => when,
    withResolver: true,
  });
  return (
    <Confirm
      isOpen={status === "blocked"}
      title={t("title")}
      action={t("leave")}
      cancel={t("stay")}
      isCancelFirst
      onConfirm={() => proceed?.()}
      onCancel={() => reset?.()}
    >
      {t("detail")}
    </Confirm>
  );
}
