import type { SentenceDocument } from "../../api/problem";
import type { Sentences } from "../../messages";

type Values = Record<string, string | number>;

/**
 * Return the values of *sentence* as its *template* takes them; `src/messages/terms.md` has the rules.
 *
 * Words of the app (reasons, fields, statuses, phrases) become words of the reader, and times become local times.
 * A value that is not there becomes `none` where the template has a branch for that.
 */
export function valuesOf(
  sentence: SentenceDocument,
  template: string,
  { words, phrases }: Sentences,
  locale: string,
): Values {
  const values: Values = {};
  for (const [, name] of template.matchAll(/\{(\w+), select, none /g)) if (name) values[name] = "none";
  for (const [name, value] of Object.entries(sentence.params)) {
    if (typeof value === "number") values[name] = value;
    else if (value !== null) values[name] = inWords(name, value, { words, phrases }, locale);
  }
  const { reason } = sentence.params;
  if (typeof reason === "string") values["cure"] = words.noteCures[reason] ?? "";
  return values;
}

/** The values that the app writes in English; all others are names, texts and codes, shown as they are. */
const IN_ENGLISH = new Set(
  "action advice answer cause columns kind known name needed_for parts problem types users what where who why".split(
    " ",
  ),
);
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/;

function inWords(
  name: string,
  value: string,
  { words, phrases }: Pick<Sentences, "words" | "phrases">,
  locale: string,
): string {
  if (TIME.test(value)) return localTime(value, locale);
  if (name === "reason") return words.noteReasons[value] ?? words.rejectionReasons[value] ?? value;
  if (name === "reasons") return reasonsInWords(value, words.rejectionReasons, locale);
  if (name === "field") return words.fields[value] ?? value.replace(/^properties\./, "");
  if (name === "status") return words.statuses[value] ?? value;
  if (name === "scopes" || name === "all_scopes") return listed(value.split(/, | and /), locale);
  if (name === "flows") return flowsInWords(value, phrases, locale);
  return IN_ENGLISH.has(name) ? inLanguage(value, phrases) : value;
}

/** Turn `email_missing 1,204, not_csv 3`, or the same without the counts, into words. */
function reasonsInWords(text: string, labels: Readonly<Record<string, string>>, locale: string): string {
  const number = new Intl.NumberFormat(locale);
  return text
    .split(/, /)
    .map((each) => {
      const [, reason = "", count] = /^([\w-]+)(?: (\d[\d,]*))?$/.exec(each) ?? [];
      if (reason === "") return each;
      const label = labels[reason] ?? reason;
      return count === undefined ? label : `${label} – ${number.format(Number(count.replaceAll(",", "")))}`;
    })
    .join(", ");
}

/** Turn `Flow 'A' (x, live), flow 'B' (y, live) and 3 more` into the reader's language, without ids and states. */
function flowsInWords(text: string, phrases: Sentences["phrases"], locale: string): string {
  if (phrases["{count} more"] === undefined) return text.replace(/(flow) '(.+?)' \([^()]*\)/gi, "$1 “$2”");
  const flows = text.split(/(?:, | and )(?=flow '|\d+ more$)/);
  return listed(
    flows.map((flow) => inLanguage(flow.replace(/^Flow '/, "flow '"), phrases)),
    locale,
  );
}

function listed(items: readonly string[], locale: string): string {
  return new Intl.ListFormat(locale).format(items);
}

function localTime(text: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(text));
}

/**
 * Return *text* by the phrase that it is: `File '{file}'` is one, with any name in the place of `{file}`.
 *
 * A phrase may hold another one, in a place such as `{why}`.
 */
export function inLanguage(text: string, phrases: Readonly<Record<string, string>>): string {
  const whole = phrases[text];
  if (whole !== undefined) return whole;
  for (const [phrase, translated] of Object.entries(phrases)) {
    if (!phrase.includes("{")) continue;
    const names = [...phrase.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    const pattern = phrase.split(/\{\w+\}/).map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const found = new RegExp(`^${pattern.join("(.+?)")}$`, "s").exec(text);
    if (found)
      return translated.replace(/\{(\w+)\}/g, (_, name: string) => {
        const value = found[names.indexOf(name) + 1] ?? "";
        return IN_ENGLISH.has(name) ? inLanguage(value, phrases) : value;
      });
  }
  return text;
}
