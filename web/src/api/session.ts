/**
 * Whether one is signed in, and the app's key where the app asks for one.
 *
 * The key is kept in the tab's `sessionStorage`: it is gone when the tab is closed.
 */
import { useSyncExternalStore } from "react";

export type AuthMode = "keys" | "entra";
/** Why the page asks to sign in: `first` at the first visit, `refused` where the app refused the key. */
export type SignedOut = "first" | "refused" | "left";
export type Session = { state: "in" } | { state: "out"; why: SignedOut };

const KEY = "segment-export-key";
const listeners = new Set<() => void>();
let session: Session = { state: "in" };

/** Return the kept key, null where there is none. */
export function keptKey(): string | null {
  return sessionStorage.getItem(KEY);
}

/** Keep *key* for the calls that follow. */
export function signIn(key: string): void {
  sessionStorage.setItem(KEY, key);
  change({ state: "in" });
}

/** Forget the key, and ask for one. */
export function signOut(why: SignedOut): void {
  sessionStorage.removeItem(KEY);
  change({ state: "out", why });
}

export function useSession(): Session {
  return useSyncExternalStore(listen, () => session);
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(to: Session): void {
  session = to;
  for (const listener of listeners) listener();
}
