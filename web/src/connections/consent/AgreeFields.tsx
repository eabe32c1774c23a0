import { Checkbox, Field, Input, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import { useMe } from "../../api/me";
import { ConsentText } from "./ConsentText";

const LONGEST = 256;

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL },
  name: { maxWidth: "24rem" },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** What somebody says by agreeing: to which version of the text, and who, where the app does not know that. */
export type Agreement = { version: string | null; name: string };

/** Tell whether *agreement* can be sent. */
export function isAgreed(agreement: Agreement, mustName: boolean): boolean {
  return agreement.version !== null && (!mustName || agreement.name.trim() !== "");
}

/** Whether the person who agrees has to be named: with a key of the app nobody is signed in. */
export function useMustName(): boolean {
  return useMe().app.auth_mode === "keys";
}

/** The text of the consent, "I agree", and the name of the person who agrees. */
export function AgreeFields(props: {
  agreement: Agreement;
  change: (agreement: Agreement) => void;
  wasTried: boolean;
}) {
  const t = useTranslations("connect.consent");
  const styles = useStyles();
  const me = useMe();
  const mustName = useMustName();
  const { agreement, change, wasTried } = props;
  const fault = (is: boolean, message: string) =>
    wasTried && is ? { validationState: "error" as const, validationMessage: message } : {};
  return (
    <div className={styles.root}>
      <ConsentText>
        {(version) => (
          <Field {...fault(agreement.version === null, t("mustAgree"))}>
            <Checkbox
              label={t("agree")}
              checked={agreement.version === version}
              onChange={(_, { checked }) =>
                change({ ...agreement, version: checked === true ? version : null })
              }
            />
          </Field>
        )}
      </ConsentText>
      {mustName ? (
        <Field
          label={t("name")}
          required
          hint={t("nameHint")}
          className={styles.name}
          {...fault(agreement.name.trim() === "", t("nameMissing"))}
        >
          <Input
            value={agreement.name}
            maxLength={LONGEST}
            autoComplete="name"
            onChange={(_, { value }) => change({ ...agreement, name: value })}
          />
        </Field>
      ) : (
        <Text className={styles.quiet}>{t("recorded", { name: me.name ?? me.label })}</Text>
      )}
    </div>
  );
}
