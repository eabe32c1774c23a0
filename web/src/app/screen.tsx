import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { lazyRouteComponent } from "@tanstack/react-router";
import { type ComponentType, type ReactNode, useMemo } from "react";
import { IntlProvider, useLocale, useMessages } from "use-intl";
import type { Locale } from "../messages";
import { loadScreenTexts, type ScreenText } from "../messages/screen-texts";
import { preferredLocale } from "./preferences/preferences";
import { queryClient } from "./query-client";

/**
 * Return the screen *name* of the module that *load* loads, with *texts*.
 *
 * Both are loaded when the screen is first shown, or a link to it is pointed at; neither waits for the other.
 */
export function screen<Name extends string>(
  load: () => Promise<Record<Name, ComponentType>>,
  name: Name,
  texts: readonly ScreenText[],
) {
  return lazyRouteComponent(async () => {
    const ready = queryClient.ensureQueryData(textsQuery(preferredLocale(), texts));
    const [screens] = await Promise.all([load(), ready]);
    return { default: withTexts(screens[name], texts) };
  });
}

function withTexts(Screen: ComponentType, names: readonly ScreenText[]) {
  return () => (
    <Texts names={names}>
      <Screen />
    </Texts>
  );
}

function Texts({ names, children }: { names: readonly ScreenText[]; children: ReactNode }) {
  const locale = useLocale();
  const first = useMessages();
  const { data } = useSuspenseQuery(textsQuery(locale, names));
  const messages = useMemo(() => ({ ...first, ...data }), [first, data]);
  return (
    <IntlProvider locale={locale} messages={messages}>
      {children}
    </IntlProvider>
  );
}

function textsQuery(locale: Locale, names: readonly ScreenText[]) {
  return queryOptions({
    queryKey: ["messages", locale, names],
    queryFn: () => loadScreenTexts(locale, names),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
