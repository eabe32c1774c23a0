import { Field, Input, makeStyles, Radio, RadioGroup, Text, tokens } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import { useMe } from "../../api/me";
import type { FieldError } from "../../api/problem";
import { useSentence } from "../../parts/sentences/sentences";
import { RadioLabel } from "../RadioLabel";
import { type KeyChoice, keyFault, looksPublic } from "./key-choice";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL, maxWidth: "32rem" },
});

/** Asks for the key itself, where the app may write keys, or for the secret that has it. */
export function KeyFields(props: {
  choice: KeyChoice;
  change: (choice: KeyChoice) => void;
  /** The id of the connection, which names its secret. */
  id: string;
  wasTried: boolean;
  errors: readonly FieldError[];
}) {
  const t = useTranslations("connect.key");
  const styles = useStyles();
  const say = useSentence();
  const canEnter = useMe().app.can_enter_keys;
  const { choice, change, id } = props;
  const fault = props.wasTried ? keyFault(choice) : null;
  const said = props.errors.find((each) => /^\/(api_key|secret_name)$/.test(each.pointer));
  const message = fault ? t(`faults.${fault}`) : said ? say(said) : null;
  const wrong = message === null ? {} : { validationState: "error" as const, validationMessage: message };
  const hint = looksPublic(choice)
    ? { validationState: "warning" as const, validationMessage: t("looksPublic") }
    : {};
  return (
    <div className={styles.root}>
      {canEnter ? (
        <RadioGroup
          aria-label={t("how")}
          value={choice.kind}
          onChange={(_, { value }) => change({ ...choice, kind: value === "secret" ? "secret" : "typed" })}
        >
          <Radio value="typed" label={<RadioLabel label={t("typed")} hint={t("typedHint")} />} />
          <Radio value="secret" label={<RadioLabel label={t("secret")} hint={t("secretHint")} />} />
        </RadioGroup>
      ) : (
        <Text>{t("noEntry")}</Text>
      )}
      {choice.kind === "typed" ? (
        <Field label={t("label")} required hint={t("labelHint")} {...hint} {...wrong}>
          <Input
            key="typed"
            type="password"
            name="klaviyo-private-key"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            data-1p-ignore
            data-lpignore="true"
            value={choice.key}
            onChange={(_, { value }) => change({ ...choice, key: value })}
          />
        </Field>
      ) : (
        <Field label={t("secretLabel")} required hint={t("secretNameHint", { id })} {...wrong}>
          <Input
            key="secret"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            value={choice.secret}
            onChange={(_, { value }) => change({ ...choice, secret: value })}
          />
        </Field>
      )}
    </div>
  );
}
