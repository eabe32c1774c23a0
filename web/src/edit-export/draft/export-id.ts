const ID = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Tell whether *text* can be the id of an export. */
export function isId(text: string): boolean {
  return ID.test(text);
}
