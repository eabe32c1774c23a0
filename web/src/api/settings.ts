import type { AuthMode } from "./session";

let mode: AuthMode = "keys";

/** Return how one signs in, as `readSettings` learnt it. */
export function authMode(): AuthMode {
  return mode;
}

/** Ask the app how one signs in. Without an answer the page goes on with keys: the app says 401 where one is needed. */
export async function readSettings(): Promise<void> {
  try {
    const answer = await fetch(`${import.meta.env.BASE_URL}settings.json`, {
      signal: AbortSignal.timeout(10_000),
    });
    const settings: unknown = answer.ok ? await answer.json() : null;
    if (typeof settings === "object" && settings !== null && "auth_mode" in settings) {
      mode = settings.auth_mode === "entra" ? "entra" : "keys";
    }
  } catch {
    // The first call to the app fails as well, and shows why.
  }
}
