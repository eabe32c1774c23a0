import { Toast, ToastBody, Toaster, ToastTitle, useToastController } from "@fluentui/react-components";
import type { ReactNode } from "react";

const TOASTER = "page";

/** Where short messages appear. */
export function Toasts() {
  return <Toaster toasterId={TOASTER} position="bottom-end" pauseOnHover pauseOnWindowBlur />;
}

/** Return a function that says in a corner what was done. */
export function useToast(): (
  title: string,
  intent: "success" | "info" | "warning" | "error",
  body?: ReactNode,
) => void {
  const { dispatchToast } = useToastController(TOASTER);
  return (title, intent, body) =>
    dispatchToast(
      <Toast>
        <ToastTitle>{title}</ToastTitle>
        {body && <ToastBody>{body}</ToastBody>}
      </Toast>,
      { intent, timeout: intent === "error" ? 15_000 : 6_000 },
    );
}
