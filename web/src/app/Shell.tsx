import { Link as FluentLink, makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { Suspense } from "react";
import { useTranslations } from "use-intl";
import { useMe } from "../api/me";
import { Loading } from "./Centered";
import { PreferencesMenu } from "./preferences/PreferencesMenu";
import { Toasts } from "./Toasts";

const NARROW = "@media (max-width: 40rem)";

const useStyles = makeStyles({
  skip: {
    position: "absolute",
    insetInlineStart: tokens.spacingHorizontalM,
    insetBlockStart: "-4rem",
    zIndex: 1000,
    padding: tokens.spacingHorizontalM,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow8,
    ":focus": { insetBlockStart: tokens.spacingVerticalS },
  },
  bar: {
    display: "flex",
    alignItems: "stretch",
    columnGap: tokens.spacingHorizontalXL,
    paddingInline: tokens.spacingHorizontalXXL,
    minHeight: "48px",
    // Its menu opens over the screen.
    position: "relative",
    zIndex: 10,
    backgroundColor: tokens.colorNeutralBackground1,
    borderBlockEndWidth: tokens.strokeWidthThin,
    borderBlockEndStyle: "solid",
    borderBlockEndColor: tokens.colorNeutralStroke2,
    [NARROW]: {
      paddingInline: tokens.spacingHorizontalM,
      columnGap: tokens.spacingHorizontalS,
      flexWrap: "wrap",
    },
  },
  product: {
    alignSelf: "center",
    flexShrink: 1,
    minWidth: 0,
    color: tokens.colorNeutralForeground1,
    [NARROW]: { paddingBlock: tokens.spacingVerticalS, flexGrow: 1 },
  },
  navigation: {
    display: "flex",
    flexGrow: 1,
    columnGap: tokens.spacingHorizontalS,
    listStyleType: "none",
    margin: 0,
    padding: 0,
    [NARROW]: { order: 3, flexBasis: "100%", overflowX: "auto" },
  },
  item: { display: "flex" },
  link: {
    display: "flex",
    alignItems: "center",
    paddingInline: tokens.spacingHorizontalM,
    minHeight: "44px",
    textDecorationLine: "none",
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase300,
    borderBlockStartWidth: tokens.strokeWidthThicker,
    borderBlockStartStyle: "solid",
    borderBlockStartColor: "transparent",
    borderBlockEndWidth: tokens.strokeWidthThicker,
    borderBlockEndStyle: "solid",
    borderBlockEndColor: "transparent",
    ":hover": { color: tokens.colorNeutralForeground1, borderBlockEndColor: tokens.colorNeutralStroke1 },
    ":focus-visible": {
      outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}`,
      outlineOffset: "-2px",
    },
  },
  here: {
    color: tokens.colorNeutralForeground1,
    fontWeight: tokens.fontWeightSemibold,
    borderBlockEndColor: tokens.colorCompoundBrandStroke,
    ":hover": { borderBlockEndColor: tokens.colorCompoundBrandStroke },
  },
  who: {
    alignSelf: "center",
    marginInlineStart: "auto",
    marginInlineEnd: `calc(-1 * ${tokens.spacingHorizontalSNudge})`,
  },
  main: {
    boxSizing: "border-box",
    width: "100%",
    maxWidth: "90rem",
    marginInline: "auto",
    flexGrow: 1,
    paddingInline: tokens.spacingHorizontalXXL,
    paddingBlock: tokens.spacingVerticalXXL,
    [NARROW]: { paddingInline: tokens.spacingHorizontalM, paddingBlock: tokens.spacingVerticalL },
  },
});

/** The top bar with the navigation, and the screen below it. */
export function Shell() {
  const t = useTranslations("shell");
  const styles = useStyles();
  const me = useMe();
  return (
    <>
      <FluentLink href="#main" className={styles.skip}>
        {t("skip")}
      </FluentLink>
      <header className={styles.bar}>
        <Text weight="semibold" size={400} className={styles.product} truncate wrap={false}>
          {t("product")}
        </Text>
        <nav aria-label={t("navigation")} className={styles.navigation}>
          <NavigationLink to="/" label={t("exports")} />
          <NavigationLink to="/history" label={t("history")} />
          <NavigationLink to="/connections" label={t("connections")} />
          {me.may.includes("list_audit") && <NavigationLink to="/audit" label={t("audit")} />}
        </nav>
        <div className={styles.who}>
          <PreferencesMenu me={me} />
        </div>
      </header>
      <main id="main" tabIndex={-1} className={styles.main}>
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </main>
      <Toasts />
    </>
  );
}

function NavigationLink({ to, label }: { to: "/" | "/history" | "/connections" | "/audit"; label: string }) {
  const styles = useStyles();
  // The screens of one export and its runs belong to the list of exports.
  const isBelow = useLocation({ select: ({ pathname }) => to === "/" && pathname.startsWith("/exports") });
  return (
    <Link
      to={to}
      activeOptions={{ exact: to === "/", includeSearch: false }}
      className={isBelow ? mergeClasses(styles.link, styles.here) : styles.link}
      aria-current={isBelow ? "true" : undefined}
      activeProps={{ className: mergeClasses(styles.link, styles.here), "aria-current": "page" }}
    >
      {label}
    </Link>
  );
}
