/** What the values of a column look like. All of them must: one that does not spoils the guess. */

export type Values = readonly string[];

function all(values: Values, pattern: RegExp): boolean {
  return values.length > 0 && values.every((value) => pattern.test(value.trim()));
}

function some(values: Values, pattern: RegExp): boolean {
  return values.some((value) => pattern.test(value.trim()));
}

const EMAIL = /^[^\s@"']+@[^\s@]+\.[^\s@.]{2,}$/u;
const PHONE = /^\+?[\d\s().\-/]{7,24}$/;
const DATE = /^\d{4}-\d\d-\d\d|^\d{1,2}[./]\d{1,2}[./]\d{4}/;

/** Rows without a good address are what a run refuses, so one good address is enough. */
export const haveEmails = (values: Values): boolean => some(values, EMAIL);

export function havePhones(values: Values): boolean {
  return values.some((value) => isPhone(value.trim()));
}

/** Without a name that says so, only numbers with a country code are taken for phone numbers. */
export const areWorldPhones = (values: Values): boolean =>
  all(values, /^\+\d[\d\s().-]{8,}$/) && havePhones(values);

function isPhone(value: string): boolean {
  const digits = value.replace(/\D/g, "").length;
  return PHONE.test(value) && !DATE.test(value) && digits >= 7 && digits <= 15;
}

export const areYesOrNo = (values: Values): boolean => all(values, /^(true|false|yes|no|ja|nein|так|ні)$/iu);
export const areLanguages = (values: Values): boolean => all(values, /^[a-z]{2,3}([-_][a-z]{2,4})?$/i);

/** A name of a person, place or company: neither an address, nor a yes or no, nor only digits. */
export function areNames(values: Values): boolean {
  return !haveEmails(values) && !areYesOrNo(values) && !(values.length > 0 && all(values, /^[\d\s.,:+-]+$/));
}

/** Tell whether a phone number lacks its country code, so that a region must say it. */
export function isNational(value: string): boolean {
  return isPhone(value.trim()) && !value.trim().startsWith("+");
}
