import createClient from "openapi-fetch";
import { goToSignIn, hasJustSignedIn, hasLeft } from "./entra";
import { problemOf, problemWithoutAnswer } from "./problem";
import type { paths } from "./schema";
import { keptKey, signOut } from "./session";
import { authMode } from "./settings";

/** A call is answered within 10 seconds; what works through all exports takes up to 100. */
const TIMEOUT = 20_000;
export const LONG_TIMEOUT = 110_000;
/** Header of a call that may take long; it does not leave the browser. */
const PATIENCE = "x-page-timeout";

/**
 * Calls to the management API, typed by docs/openapi.json.
 *
 * Example: `await answered(api.GET("/exports/{export_id}", { params: { path: { export_id: "vip" } } }))`.
 */
export const api = createClient<paths>({ baseUrl: "/api", fetch: send });

/** Return the data of *call*; throws a `Problem` where the answer is an error or does not come. */
export async function answered<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<NonNullable<T>> {
  return (await answeredWithEtag(call)).data;
}

/** Return the data of *call* with its ETag, which a later change gives back as `If-Match`. */
export async function answeredWithEtag<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<{ data: NonNullable<T>; etag: string | null }> {
  const { data, error, response } = await call.catch((reason: unknown) => {
    throw problemWithoutAnswer(reason);
  });
  if (!response.ok || data === undefined || data === null) throw problemOf(response.status, error);
  return { data, etag: response.headers.get("etag") };
}

/**
 * Return the lines of *call*, and what its `Link` header says of the next page; null where there is none.
 *
 * Example: `</api/audit?before=7>; rel="next"` gives the parameters with `before`.
 */
export async function answeredLines(
  call: Promise<{ data?: string; error?: unknown; response: Response }>,
): Promise<{ text: string; next: URLSearchParams | null }> {
  const { data, error, response } = await call.catch((reason: unknown) => {
    throw problemWithoutAnswer(reason);
  });
  if (!response.ok) throw problemOf(response.status, error);
  const address = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
  // A page without lines has no body, and thus no data.
  return { text: data ?? "", next: address ? new URL(address, "http://app").searchParams : null };
}

/** Return a fresh Idempotency-Key: one a click, the same for each repetition of that click. */
export function newIdempotencyKey(): string {
  return crypto.randomUUID();
}

/** Headers of a call that may take up to 100 seconds. */
export const patient = { [PATIENCE]: String(LONG_TIMEOUT) };

async function send(request: Request): Promise<Response> {
  const headers = new Headers(request.headers);
  const timeout = Number(headers.get(PATIENCE) ?? TIMEOUT);
  headers.delete(PATIENCE);
  const key = keptKey();
  if (key) headers.set("x-functions-key", key);
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeout)]);
  const answer = await fetch(new Request(request, { headers, signal, cache: "no-store" }));
  if (answer.status === 401) notSignedIn(key !== null);
  return answer;
}

function notSignedIn(hadKey: boolean): void {
  if (authMode() === "keys") signOut(hadKey ? "refused" : "first");
  else if (hasLeft()) signOut("left");
  else if (hasJustSignedIn()) signOut("refused");
  else goToSignIn();
}
