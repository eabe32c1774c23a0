/** Ids that the app asks for, made of the names that people give. */

const LONGEST = 63;
/** Ukrainian letters as they are written in Latin, by the national table (2010), simplified to lower case. */
const LATIN: Readonly<Record<string, string>> = {
  а: "a",
  б: "b",
  в: "v",
  г: "h",
  ґ: "g",
  д: "d",
  е: "e",
  є: "ie",
  ж: "zh",
  з: "z",
  и: "y",
  і: "i",
  ї: "i",
  й: "i",
  к: "k",
  л: "l",
  м: "m",
  н: "n",
  о: "o",
  п: "p",
  р: "r",
  с: "s",
  т: "t",
  у: "u",
  ф: "f",
  х: "kh",
  ц: "ts",
  ч: "ch",
  ш: "sh",
  щ: "shch",
  ь: "",
  ю: "iu",
  я: "ia",
  ы: "y",
  э: "e",
  ё: "e",
  ъ: "",
};

/**
 * Return an id for *name* that is not in *taken*; *fallback* where no letter of the name can be used.
 *
 * Example: `idFrom("Щоденний VIP", [], "export")` is `shchodennyi-vip`.
 */
export function idFrom(name: string, taken: Iterable<string>, fallback: string): string {
  const plain = inLatin(name.toLowerCase()).replace(/[^a-z0-9]+/g, "-");
  const id = trimmed(plain.replace(/^-+/, ""), LONGEST) || fallback;
  const others = new Set(taken);
  for (let number = 1; ; number++) {
    const tried = number === 1 ? id : `${trimmed(id, LONGEST - 5)}-${number}`;
    if (!others.has(tried)) return tried;
  }
}

/**
 * Return *text* with its Cyrillic letters in Latin, and without accents and apostrophes.
 *
 * Example: `inLatin("Моя крамниця")` is `Moia kramnytsia`.
 */
export function inLatin(text: string): string {
  return [...text]
    .map((letter) => {
      const small = letter.toLowerCase();
      const latin = LATIN[small] ?? letter;
      return letter === small || latin === letter ? latin : latin.charAt(0).toUpperCase() + latin.slice(1);
    })
    .join("")
    .normalize("NFKD")
    .replace(/[\u0300-\u036f'’ʼ]/g, "");
}

function trimmed(text: string, length: number): string {
  return text.slice(0, length).replace(/-+$/, "");
}
