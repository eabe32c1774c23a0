import type { FieldKey } from "../rules/fields";

/**
 * Return the letters of a column's name by which it is compared: `msdynci_EMailAddress1` becomes `emailaddress`.
 *
 * What Dynamics, its extensions and databases put in front of a name says nothing, nor does the number 1 behind it.
 */
export function plainName(column: string): string {
  return column
    .normalize("NFKC")
    .toLocaleLowerCase("en")
    .replace(/^(dbo\.|msdynci_|msdyn_|msdynmkt_|new_|cr[0-9a-f]{3,5}_)+/, "")
    .replaceAll("ß", "ss")
    .replace(/ʼ|[^\p{L}\p{N}]/gu, "")
    .replace(/(?<=\p{L})1$/u, "");
}

/** Tell whether a column seems to say who wants messages: `OptIn`, `EmailConsent`, `DoNotBulkEMail`. */
export function looksLikeConsent(column: string): boolean {
  return CONSENT.test(plainName(column));
}

const CONSENT = /opt(?:ed)?(?:in|out)|consent|subscri|donot(?:bulk)?e?mail|einwillig|згод|підписк|розсилк/u;

/** What often stands before the name proper: `CustomerFirstName`, `address1_city`. */
const BEFORE =
  /^(customers?|contacts?|clients?|users?|person|primary|main|billing|home|address1|kunden?|kontakt|клієнта?|контакту?)(?=.{3})/u;

/** Return the plain name without the word for whom or what it is about. */
export function shortName(column: string): string {
  return plainName(column).replace(BEFORE, "");
}

/**
 * The names of columns by which attributes are guessed: English, German, Ukrainian, and those of Dynamics 365; the best first.
 *
 * `external_id` is not guessed: it decides who is who at Klaviyo. `title` alone is as often Mr or Ms as a job.
 */
export const NAMES: Readonly<Partial<Record<FieldKey, readonly string[]>>> = {
  email: list(
    "email emailaddress mail mailaddress emailadresse mailadresse emailaddr електроннапошта електроннаадреса " +
      "елпошта еладреса емейл імейл емаіл пошта адресаелектронноїпошти",
  ),
  phone_number: list(
    "mobilephone mobile mobilenumber phonenumber phone cellphone cell telephone telephonenumber tel phonemobile " +
      "mobiltelefon mobil handy handynummer mobilnummer telefon telefonnummer " +
      "мобільнийтелефон номертелефону телефон мобільний мобільнийномер тел",
  ),
  first_name: list("firstname givenname forename fname vorname rufname імя"),
  last_name: list("lastname surname familyname lname nachname familienname zuname прізвище"),
  organization: list(
    "companyname company organization organisation organizationname accountname employer firma firmenname unternehmen " +
      "компанія організація назвакомпанії фірма",
  ),
  title: list("jobtitle position jobrole berufsbezeichnung stellung funktion посада"),
  locale: list("locale language preferredlanguage languagecode lang sprache sprachcode мова мовакод кодмови"),
  "location.address1": list(
    "addressline streetaddress street line streetname strasse strasseundhausnummer anschrift вулиця адреса адресарядок address",
  ),
  "location.address2": list(
    "address1line2 addressline2 address2 street2 line2 adresszusatz адреса2 адресарядок2",
  ),
  "location.zip": list("postalcode zip zipcode postcode plz postleitzahl поштовийіндекс індекс поштовийкод"),
  "location.city": list("city town cityname ort stadt wohnort місто населенийпункт"),
  "location.region": list("stateorprovince state province region county bundesland область регіон"),
  "location.country": list("country countryregion countrycode countryname land ländercode країна кодкраїни"),
};

function list(words: string): readonly string[] {
  return words.split(" ").filter(Boolean);
}
