import { Button, Input, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowUndoRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { Described } from "./ColumnPicker";
import { Choice } from "./TypeChoice";

export type Constant = string | number | boolean;
type Kind = "text" | "number" | "boolean";

const useStyles = makeStyles({
  root: { display: "flex", columnGap: tokens.spacingHorizontalXS },
  input: { flexGrow: 1, minWidth: 0 },
});

/** The value that everybody gets. */
export function ConstantInput(props: {
  field: string;
  value: Constant;
  described: Described;
  onChange: (value: Constant) => void;
  onColumn: () => void;
  disabled: boolean;
}) {
  const t = useTranslations("mapping");
  const styles = useStyles();
  const { value, field, disabled } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const kind = kindOf(value);
  const label = t("constantOf", { field });
  return (
    <div className={styles.root}>
      {kind === "boolean" ? (
        <Choice
          label={label}
          value={String(value)}
          options={{ true: t("yes"), false: t("no") }}
          onChoose={(chosen) => props.onChange(chosen === "true")}
          disabled={disabled}
        />
      ) : (
        <Input
          className={styles.input}
          aria-label={label}
          {...props.described}
          value={typed ?? String(value)}
          inputMode={kind === "number" ? "decimal" : "text"}
          onChange={(_, data) => {
            // What is no number yet, such as "-", is only shown.
            setTyped(data.value);
            const now = kind === "number" ? numberOf(data.value) : data.value;
            if (now !== null) props.onChange(now);
          }}
          onBlur={() => setTyped(null)}
          disabled={disabled}
        />
      )}
      <Button
        appearance="subtle"
        icon={<ArrowUndoRegular />}
        aria-label={t("backToColumn", { field })}
        title={t("backToColumn", { field })}
        onClick={props.onColumn}
        disabled={disabled}
      />
    </div>
  );
}

/** Says whether a constant is a text, a number, or true or false. */
export function ConstantKind(props: {
  field: string;
  value: Constant;
  onChange: (value: Constant) => void;
  disabled: boolean;
}) {
  const t = useTranslations("mapping");
  const words = useTranslations("words.valueTypes");
  const { value } = props;
  return (
    <Choice
      label={t("constantKind", { field: props.field })}
      value={kindOf(value)}
      options={{ text: words("text"), number: words("number"), boolean: words("boolean") }}
      onChoose={(kind) => props.onChange(asKind(value, kind as Kind))}
      disabled={props.disabled}
    />
  );
}

function kindOf(value: Constant): Kind {
  if (typeof value === "boolean") return "boolean";
  return typeof value === "number" ? "number" : "text";
}

function asKind(value: Constant, kind: Kind): Constant {
  if (kind === "boolean") return value === true || value === "true";
  if (kind === "number") return numberOf(String(value)) ?? 0;
  return String(value);
}

function numberOf(text: string): number | null {
  const trimmed = text.trim().replace(",", ".");
  const number = Number(trimmed);
  return trimmed !== "" && Number.isFinite(number) ? number : null;
}
