import { Field, Input, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useState } from "react";

const useStyles = makeStyles({
  input: { maxWidth: "11rem" },
  unit: { color: tokens.colorNeutralForeground3 },
});

/** A number with its unit; it keeps the text as it is typed. */
export function NumberField(props: {
  label: string;
  hint: string;
  unit: string;
  start: string;
  isDisabled: boolean;
  field: { validationState?: "error"; validationMessage?: string };
  onText: (text: string) => void;
}) {
  const styles = useStyles();
  const [text, setText] = useState(props.start);
  return (
    <Field label={props.label} hint={props.hint} {...props.field}>
      <Input
        className={styles.input}
        inputMode="decimal"
        autoComplete="off"
        value={text}
        disabled={props.isDisabled}
        contentAfter={<Text className={styles.unit}>{props.unit}</Text>}
        onChange={(_, { value }) => {
          // What is no number is not typed in at all.
          if (!/^[\d\s.,]*$/.test(value)) return;
          setText(value);
          props.onText(value);
        }}
      />
    </Field>
  );
}
