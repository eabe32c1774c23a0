import type { components } from "./schema";

/** A sentence of the app: a stable code, the values in it, and its English text. */
export type SentenceDocument = {
  code: string;
  params: Record<string, string | number | null>;
  detail: string;
};

export type ProblemDocument = components["schemas"]["Problem"];
export type FieldError = NonNullable<ProblemDocument["errors"]>[number];

/**
 * An answer that is an error.
 *
 * `code`, `params` and `detail` are its sentence. A code that begins with `page_` is the page's own: the host or the
 * network gave no sentence. `errors` name each wrong field by its JSON pointer.
 */
export class Problem extends Error {
  readonly status: number;
  readonly sentence: SentenceDocument;
  readonly errors: readonly FieldError[];
  /** Other members of the answer, such as `run` of a 409. */
  readonly more: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    sentence: SentenceDocument,
    errors: readonly FieldError[] = [],
    more: Readonly<Record<string, unknown>> = {},
  ) {
    super(sentence.detail);
    this.name = "Problem";
    this.status = status;
    this.sentence = sentence;
    this.errors = errors;
    this.more = more;
  }

  get code(): string {
    return this.sentence.code;
  }
}

/** Return the problem of an answer with *status* and *body*, which is no JSON where the host itself answered. */
export function problemOf(status: number, body: unknown): Problem {
  if (isProblem(body)) {
    const { code, params, detail, errors, ...more } = body;
    return new Problem(status, { code, params, detail }, errors ?? [], more);
  }
  return pageProblem(HOST_CODES[status] ?? (status >= 500 ? "page_host_500" : "page_host_other"), status);
}

/** Return the problem of a call that failed by *error* before an answer came. */
export function problemWithoutAnswer(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const isLate = error instanceof DOMException && error.name === "TimeoutError";
  return pageProblem(isLate ? "page_timeout" : "page_offline", 0);
}

/** Statuses with which the Functions host answers by itself, with an empty body. */
const HOST_CODES: Readonly<Record<number, string>> = {
  400: "page_host_400",
  401: "page_host_401",
  404: "page_host_404",
  411: "page_host_411",
  413: "page_host_413",
  414: "page_host_414",
  429: "page_host_429",
  431: "page_host_414",
  503: "page_host_429",
};

function pageProblem(code: string, status: number): Problem {
  return new Problem(status, { code, params: { status }, detail: code });
}

function isProblem(body: unknown): body is ProblemDocument {
  return (
    typeof body === "object" &&
    body !== null &&
    "code" in body &&
    typeof body.code === "string" &&
    "detail" in body &&
    typeof body.detail === "string"
  );
}
