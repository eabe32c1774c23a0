import { useSyncExternalStore } from "react";

const STEP = 10_000;
const watchers = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** Return the time by which all relative times on the screen go, so that they agree; it moves on every ten seconds. */
export function useSharedNow(): Date {
  return new Date(useSyncExternalStore(watch, () => now));
}

function watch(onChange: () => void): () => void {
  if (watchers.size === 0) {
    now = Date.now();
    timer = setInterval(moveOn, STEP);
  }
  watchers.add(onChange);
  return () => {
    watchers.delete(onChange);
    if (watchers.size === 0) clearInterval(timer);
  };
}

function moveOn(): void {
  now = Date.now();
  for (const onChange of watchers) onChange();
}
