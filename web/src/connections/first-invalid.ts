/** Bring the first field that is wrong to the eye, after it has been drawn so. */
export function focusFirstInvalid(): void {
  setTimeout(() => document.querySelector<HTMLElement>("main [aria-invalid=true]")?.focus(), 50);
}
