import {
  Button,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  Text,
  tokens,
} from "@fluentui/react-components";
import { InfoRegular, PersonCircleRegular, SettingsRegular, SignOutRegular } from "@fluentui/react-icons";
import { useTranslations } from "use-intl";
import type { Me } from "../../api/me";
import { LOCALE_NAMES, LOCALES } from "../../messages";
import { MenuLink } from "../../parts/actions/MenuLink";
import { leave } from "../sign-in/leave";
import { chooseLocale, chooseTheme, THEMES, useLocalePreference, useThemeChoice } from "./preferences";

const useStyles = makeStyles({
  who: {
    display: "flex",
    flexDirection: "column",
    paddingBlock: tokens.spacingVerticalS,
    paddingInline: tokens.spacingHorizontalS,
    maxWidth: "18rem",
    overflowWrap: "anywhere",
  },
  role: { color: tokens.colorNeutralForeground3 },
});

/** Language, theme, who one is and the way out; without *me* only language and theme. */
export function PreferencesMenu({ me }: { me?: Me }) {
  const t = useTranslations("shell");
  const styles = useStyles();
  const locale = useLocalePreference();
  const theme = useThemeChoice();
  const who =
    me &&
    (me.name || me.app.auth_mode === "entra"
      ? t("signedInAs", { name: me.name ?? me.label })
      : t("anonymous"));
  return (
    <Menu
      inline
      checkedValues={{ language: [locale], theme: [theme] }}
      onCheckedValueChange={(_, { name: group, checkedItems }) => {
        if (group === "language")
          for (const each of LOCALES) if (checkedItems.includes(each)) chooseLocale(each);
        if (group === "theme") for (const each of THEMES) if (checkedItems.includes(each)) chooseTheme(each);
      }}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          size={me ? "large" : "medium"}
          aria-label={me ? t("account") : `${t("language")}, ${t("theme")}`}
          icon={me ? <PersonCircleRegular /> : <SettingsRegular />}
        />
      </MenuTrigger>
      <MenuPopover>
        {me && (
          <>
            <div className={styles.who}>
              <Text weight="semibold">{who}</Text>
              <Text className={styles.role}>{t(`roles.${me.role}`)}</Text>
            </div>
            <MenuDivider />
          </>
        )}
        <MenuList>
          <MenuGroup>
            <MenuGroupHeader>{t("language")}</MenuGroupHeader>
            {LOCALES.map((each) => (
              <MenuItemRadio key={each} name="language" value={each} lang={each}>
                {LOCALE_NAMES[each]}
              </MenuItemRadio>
            ))}
          </MenuGroup>
          <MenuDivider />
          <MenuGroup>
            <MenuGroupHeader>{t("theme")}</MenuGroupHeader>
            {THEMES.map((each) => (
              <MenuItemRadio key={each} name="theme" value={each}>
                {t(`themes.${each}`)}
              </MenuItemRadio>
            ))}
          </MenuGroup>
          {me && (
            <>
              <MenuDivider />
              <MenuLink to="/about" icon={<InfoRegular />}>
                {t("about")}
              </MenuLink>
              <MenuItem icon={<SignOutRegular />} onClick={leave}>
                {t("signOut")}
              </MenuItem>
            </>
          )}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
