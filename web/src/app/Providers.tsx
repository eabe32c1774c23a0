import { FluentProvider, makeStyles, tokens, webDarkTheme, webLightTheme } from "@fluentui/react-components";
import { QueryClientProvider, useSuspenseQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { IntlProvider } from "use-intl";
import { loadMessages } from "../messages";
import { SentencesContext } from "../parts/sentences/sentences";
import { viewerZone } from "../parts/zones";
import { usePageStyles } from "./page-styles";
import { useIsDark, useLocalePreference } from "./preferences/preferences";
import { queryClient } from "./query-client";

const useStyles = makeStyles({
  page: {
    minHeight: "100vh",
    display: "flex",
    flexDirection: "column",
    backgroundColor: tokens.colorNeutralBackground2,
  },
});

/** Fluent's dark theme, in which the red of errors is too dark to be read well (4.4 to 1). */
const DARK = {
  ...webDarkTheme,
  colorStatusDangerForeground1: webDarkTheme.colorPaletteRedForeground1,
};

/** The theme, the language and the data for everything below. */
export function Providers({ children }: { children: ReactNode }) {
  return (
    <QueryClientProvider client={queryClient}>
      <Localized>{children}</Localized>
    </QueryClientProvider>
  );
}

function Localized({ children }: { children: ReactNode }) {
  usePageStyles();
  const styles = useStyles();
  const locale = useLocalePreference();
  const isDark = useIsDark();
  const { data } = useSuspenseQuery({
    queryKey: ["messages", locale],
    queryFn: () => loadMessages(locale),
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => {
    document.documentElement.lang = locale;
    document.documentElement.style.colorScheme = isDark ? "dark" : "light";
  }, [locale, isDark]);
  return (
    <IntlProvider locale={locale} messages={data.messages} timeZone={viewerZone()}>
      <SentencesContext value={data.sentences}>
        {/* Whatever class the provider itself has, dialogs and menus get too. */}
        <FluentProvider theme={isDark ? DARK : webLightTheme}>
          <div className={styles.page}>{children}</div>
        </FluentProvider>
      </SentencesContext>
    </IntlProvider>
  );
}
