import { Button, Field, Input, makeStyles, tokens } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import { nameFault, suggestedName } from "./connect/connect-draft";

const useStyles = makeStyles({
  root: {
    display: "flex",
    flexDirection: "column",
    alignItems: "flex-start",
    rowGap: tokens.spacingVerticalS,
  },
  field: { width: "100%" },
});

/** The name of a connection with its rule; where the name breaks it, what is wrong and a name that keeps it. */
export function NameField(props: {
  name: string;
  change: (name: string) => void;
  /** Whether also a name that is empty is said to be wrong. */
  wasTried: boolean;
  isTwice: boolean;
  hint?: string;
  autoFocus?: boolean;
}) {
  const t = useTranslations("connect.name");
  const styles = useStyles();
  const { name, change } = props;
  const fault = nameFault(name);
  const isWrong = fault !== null && (fault !== "missing" || props.wasTried);
  const suggestion = isWrong ? suggestedName(name) : null;
  const state = isWrong
    ? { validationState: "error" as const, validationMessage: t(`faults.${fault}`) }
    : props.isTwice
      ? { validationState: "warning" as const, validationMessage: t("sameName") }
      : {};
  return (
    <div className={styles.root}>
      <Field
        label={t("label")}
        required
        className={styles.field}
        hint={isWrong || name === "" ? t("hint") : (props.hint ?? t("hint"))}
        {...state}
      >
        <Input
          value={name}
          placeholder={t("example")}
          autoComplete="off"
          spellCheck={false}
          autoFocus={props.autoFocus ?? false}
          onChange={(_, { value }) => change(value)}
        />
      </Field>
      {suggestion && (
        <Button size="small" onClick={() => change(suggestion)}>
          {t("use", { name: suggestion })}
        </Button>
      )}
    </div>
  );
}
