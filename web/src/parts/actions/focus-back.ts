import { useEffect } from "react";

const PASSING = "[role='dialog'], [role='alertdialog'], [role='menu'], [data-tabster-dummy]";
let last: HTMLElement | null = null;

document.addEventListener("focusin", ({ target }) => {
  if (target instanceof HTMLElement && !target.closest(PASSING)) last = target;
});

/**
 * Gives the focus back when a dialog closes: to what had it before the dialog, or before the menu that led there.
 *
 * Where that is gone, as the row of a removed export is, the screen gets it, so that keys go on from there.
 */
export function useFocusBack(isOpen: boolean): void {
  useEffect(() => {
    if (!isOpen) return;
    return () => {
      requestAnimationFrame(() => {
        if (document.activeElement !== null && document.activeElement !== document.body) return;
        const target = last?.isConnected ? last : document.getElementById("main");
        target?.focus();
      });
    };
  }, [isOpen]);
}
