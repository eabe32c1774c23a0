import { Field, makeStyles, Radio, RadioGroup, tokens } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import {
  chooseLocale,
  chooseTheme,
  THEMES,
  useLocalePreference,
  useThemeChoice,
} from "../app/preferences/preferences";
import { LOCALE_NAMES, LOCALES } from "../messages";
import { Panel } from "../parts/Panel";

const useStyles = makeStyles({
  fields: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "flex-start",
    columnGap: "4rem",
    rowGap: tokens.spacingVerticalL,
  },
});

/** Language and theme, as the menu at the top has them as well. */
export function LooksPanel() {
  const t = useTranslations("about");
  const shell = useTranslations("shell");
  const styles = useStyles();
  const locale = useLocalePreference();
  const theme = useThemeChoice();
  return (
    <Panel title={t("looks.title")} intro={t("looks.intro")}>
      <div className={styles.fields}>
        <Field label={shell("language")}>
          <RadioGroup
            value={locale}
            onChange={(_, { value }) => {
              for (const each of LOCALES) if (each === value) chooseLocale(each);
            }}
          >
            {LOCALES.map((each) => (
              <Radio key={each} value={each} label={<span lang={each}>{LOCALE_NAMES[each]}</span>} />
            ))}
          </RadioGroup>
        </Field>
        <Field label={shell("theme")}>
          <RadioGroup
            value={theme}
            onChange={(_, { value }) => {
              for (const each of THEMES) if (each === value) chooseTheme(each);
            }}
          >
            {THEMES.map((each) => (
              <Radio key={each} value={each} label={shell(`themes.${each}`)} />
            ))}
          </RadioGroup>
        </Field>
      </div>
    </Panel>
  );
}
