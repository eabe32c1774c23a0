import { Button, Field, Input, makeStyles, Text, Title2, tokens } from "@fluentui/react-components";
import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";
import { goToSignIn } from "../../api/entra";
import { type SignedOut, signIn } from "../../api/session";
import { authMode } from "../../api/settings";
import { Centered } from "../Centered";
import { PreferencesMenu } from "../preferences/PreferencesMenu";

const useStyles = makeStyles({
  card: {
    boxSizing: "border-box",
    display: "flex",
    flexDirection: "column",
    backgroundColor: tokens.colorNeutralBackground1,
    borderRadius: tokens.borderRadiusXLarge,
    boxShadow: tokens.shadow8,
    width: "100%",
    maxWidth: "26rem",
    padding: tokens.spacingHorizontalXXL,
    rowGap: tokens.spacingVerticalL,
  },
  form: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL },
  product: { color: tokens.colorNeutralForeground3 },
  title: { display: "block", margin: 0 },
  foot: { display: "flex", alignItems: "center", justifyContent: "space-between" },
});

/** What a header can carry: the key goes to the app in one. */
const USABLE = /^[!-~]+$/;

/** The screen that asks to sign in, and says *why*. */
export function SignIn({ why }: { why: SignedOut }) {
  const t = useTranslations("shell");
  const styles = useStyles();
  return (
    <Centered>
      <main className={styles.card}>
        <title>{`${t("signIn.title")} · ${t("product")}`}</title>
        <div>
          <Text className={styles.product}>{t("product")}</Text>
          <Title2 as="h1" className={styles.title}>
            {t("signIn.title")}
          </Title2>
        </div>
        {authMode() === "keys" ? <KeyForm why={why} /> : <EntraForm why={why} />}
      </main>
    </Centered>
  );
}

function KeyForm({ why }: { why: SignedOut }) {
  const t = useTranslations("shell.signIn");
  const styles = useStyles();
  const [key, setKey] = useState("");
  const [fault, setFault] = useState<"missing" | "unusable" | "refused" | null>(
    why === "refused" ? "refused" : null,
  );

  function submit(event: FormEvent) {
    event.preventDefault();
    const typed = key.trim();
    if (!typed) setFault("missing");
    else if (!USABLE.test(typed)) setFault("unusable");
    else signIn(typed);
  }

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <Text>{why === "left" ? `${t("left")} ${t("intro")}` : t("intro")}</Text>
      <Field label={t("key")} hint={t("where")} required {...(fault ? { validationMessage: t(fault) } : {})}>
        <Input
          type="password"
          autoComplete="current-password"
          autoFocus
          value={key}
          onChange={(_, { value }) => {
            setKey(value);
            setFault(null);
          }}
        />
      </Field>
      <div className={styles.foot}>
        <Button type="submit" appearance="primary">
          {t("submit")}
        </Button>
        <PreferencesMenu />
      </div>
    </form>
  );
}

function EntraForm({ why }: { why: SignedOut }) {
  const t = useTranslations("shell.signIn");
  const styles = useStyles();
  return (
    <div className={styles.form}>
      <Text role={why === "refused" ? "alert" : undefined}>
        {why === "left" && `${t("left")} `}
        {t(why === "refused" ? "entraRefused" : "entra")}
      </Text>
      <div className={styles.foot}>
        <Button appearance="primary" onClick={goToSignIn}>
          {t("submit")}
        </Button>
        <PreferencesMenu />
      </div>
    </div>
  );
}
