import type { Messages, Sentences, Translated } from ".";

/** Return the words that may stand in a sentence of the app; a field of an address is named `location.city`. */
export function sentenceWords({ words, parts }: Translated<Messages>): Sentences["words"] {
  const { location, ...fields } = words.profileFields;
  const inLocation = Object.entries(location).map(([name, label]) => [`location.${name}`, label]);
  return {
    noteReasons: words.noteReasons,
    noteCures: words.noteCures,
    rejectionReasons: words.rejectionReasons,
    fields: { ...fields, ...Object.fromEntries(inLocation) },
    statuses: parts.status,
  };
}
