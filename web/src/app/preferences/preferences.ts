/** Language and theme: what one has chosen is kept in this browser; without a choice the system says. */
import { useSyncExternalStore } from "react";
import { LOCALES, type Locale } from "../../messages";

export const THEMES = ["system", "light", "dark"] as const;
export type ThemeChoice = (typeof THEMES)[number];

const LANGUAGE = "segment-export-language";
const THEME = "segment-export-theme";
const listeners = new Set<() => void>();

/** Return the chosen language, or else the first of the browser's languages that the page speaks. */
export function preferredLocale(): Locale {
  const wanted = [kept(LANGUAGE), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return (
    LOCALES.find((locale) => locale === wanted.find((tag) => LOCALES.some((known) => known === tag))) ?? "en"
  );
}

export function themeChoice(): ThemeChoice {
  const choice = kept(THEME);
  return choice === "light" || choice === "dark" ? choice : "system";
}

export function chooseLocale(locale: Locale): void {
  keep(LANGUAGE, locale);
}

export function chooseTheme(choice: ThemeChoice): void {
  keep(THEME, choice === "system" ? null : choice);
}

export function useLocalePreference(): Locale {
  return useSyncExternalStore(listen, preferredLocale);
}

export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore(listen, themeChoice);
}

/** Tell whether the page is dark: as chosen, or else as the system is. */
export function useIsDark(): boolean {
  return useSyncExternalStore(listen, () =>
    themeChoice() === "system" ? matchMedia(DARK).matches : themeChoice() === "dark",
  );
}

const DARK = "(prefers-color-scheme: dark)";

function listen(listener: () => void): () => void {
  const system = matchMedia(DARK);
  listeners.add(listener);
  system.addEventListener("change", listener);
  addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    system.removeEventListener("change", listener);
    removeEventListener("storage", listener);
  };
}

function kept(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // a browser may forbid it; the page then follows the system
  }
}

function keep(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // see kept()
  }
  for (const listener of listeners) listener();
}
