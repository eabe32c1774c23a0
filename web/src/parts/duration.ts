import { useTranslations } from "use-intl";

export type Duration = { unit: "seconds" | "minutes" | "hours"; big: number; small: number };

/** Return *seconds* in two units at most: 75 is 1 minute 15 seconds. */
export function durationOf(seconds: number): Duration {
  const whole = Math.round(seconds);
  if (whole < 60) return { unit: "seconds", big: whole, small: 0 };
  if (whole < 3600) return { unit: "minutes", big: Math.floor(whole / 60), small: whole % 60 };
  return { unit: "hours", big: Math.floor(whole / 3600), small: Math.floor((whole % 3600) / 60) };
}

/** Return a function that says how long so many seconds are. */
export function useDuration(): (seconds: number) => string {
  const t = useTranslations("parts.duration");
  return (seconds) => {
    const { unit, big, small } = durationOf(seconds);
    // The time stays on one line.
    return t(unit, { big, small }).replaceAll(" ", "\u00a0");
  };
}
