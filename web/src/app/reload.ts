/** Loads the page again where one of its files is missing: the app has been updated since the page was opened. */

const RELOADED = "segment-export-reloaded";
const PAUSE = 60_000;

export function reloadOnceOnMissingFile(): void {
  addEventListener("vite:preloadError", (event) => {
    if (mayReload(Date.now(), Number(sessionStorage.getItem(RELOADED) ?? 0))) {
      event.preventDefault();
      sessionStorage.setItem(RELOADED, String(Date.now()));
      location.reload();
    }
  });
}

/** Tell whether the page may load itself again, which it last did at *last*: not twice in a minute. */
export function mayReload(now: number, last: number): boolean {
  return now - last > PAUSE;
}
