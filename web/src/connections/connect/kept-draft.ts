/** Keeps what was typed of a new connection in this tab, so that a reload loses nothing but the key and the consent. */
import { keyFault, NO_KEY } from "../key/key-choice";
import { type ConnectDraft, emptyConnect, hasTyped } from "./connect-draft";

const PLACE = "segment-export-new-connection";

type Kept = Pick<ConnectDraft, "name" | "sharedWith" | "agreedBy"> & {
  kind: ConnectDraft["key"]["kind"];
  secret: string;
  hadKey: boolean;
};

/** Return the draft to begin with, and whether it had a key, which is never kept. */
export function keptDraft(canEnter: boolean): { draft: ConnectDraft; hadKey: boolean } {
  const empty = emptyConnect(canEnter);
  const kept = read();
  if (kept === null) return { draft: empty, hadKey: false };
  const { name, sharedWith, agreedBy, kind, secret } = kept;
  const key = { ...NO_KEY, kind: canEnter ? kind : ("secret" as const), secret };
  return { draft: { ...empty, name, sharedWith, agreedBy, key }, hadKey: kept.hadKey && canEnter };
}

/** Keep *draft* but for its key; what may be a key in the place of a secret's name is not kept either. */
export function keepDraft(draft: ConnectDraft): void {
  if (!hasTyped(draft)) {
    forgetDraft();
    return;
  }
  const { name, sharedWith, agreedBy, key } = draft;
  const isName = keyFault({ ...key, kind: "secret" }) === null;
  const secret = isName ? key.secret : "";
  const kept: Kept = { name, sharedWith, agreedBy, kind: key.kind, secret, hadKey: key.key !== "" };
  try {
    sessionStorage.setItem(PLACE, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing loses the draft at a reload.
  }
}

/** Keep nothing any more. */
export function forgetDraft(): void {
  try {
    sessionStorage.removeItem(PLACE);
  } catch {
    // Nothing was kept.
  }
}

function read(): Kept | null {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
    return isKept(found) ? found : null;
  } catch {
    return null;
  }
}

function isKept(found: unknown): found is Kept {
  if (typeof found !== "object" || found === null) return false;
  const { name, sharedWith, agreedBy, kind, secret, hadKey } = found as Record<string, unknown>;
  return (
    [name, agreedBy, secret].every((each) => typeof each === "string") &&
    (sharedWith === "administrators" || sharedWith === "contributors") &&
    (kind === "typed" || kind === "secret") &&
    typeof hadKey === "boolean"
  );
}
