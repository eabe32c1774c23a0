import { Dropdown, Option } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import { type ColumnEntry, type Entry, shortest, type ValueType } from "./rules/fields";
import { useEntryStyles } from "./styles";

const DEFAULT = "default";
/** Forms of dates that are offered, as Python's `strptime` reads them, each with an example. */
const DATES: Readonly<Record<string, string>> = {
  "%d.%m.%Y": "31.12.2026",
  "%d/%m/%Y": "31/12/2026",
  "%m/%d/%Y": "12/31/2026",
};
const TIMES: Readonly<Record<string, string>> = {
  "%d.%m.%Y %H:%M": "31.12.2026 18:30",
  "%d/%m/%Y %H:%M": "31/12/2026 18:30",
  "%m/%d/%Y %H:%M": "12/31/2026 18:30",
};

/** Says what the values of a column stand for: the type, and how its numbers or dates are written. */
export function TypeChoice(props: {
  field: string;
  entry: ColumnEntry;
  types: readonly ValueType[];
  onChange: (entry: Entry) => void;
  disabled: boolean;
}) {
  const t = useTranslations("mapping");
  const words = useTranslations("words.valueTypes");
  const { entry, types, field, disabled } = props;
  const column = entry.column;
  const type = entry.type ?? null;
  const change = (more: Partial<ColumnEntry>): void => props.onChange(shortest({ ...entry, ...more }));
  const only = types.length === 1 ? types[0] : null;
  const counts = type ?? only;
  return (
    <>
      {!only && (
        <Choice
          label={t("type", { field })}
          value={type ?? DEFAULT}
          options={{
            [DEFAULT]: t("asItComes"),
            ...Object.fromEntries(types.map((each) => [each, words(each)])),
          }}
          onChoose={(chosen) =>
            props.onChange(shortest(chosen === DEFAULT ? { column } : { column, type: chosen as ValueType }))
          }
          disabled={disabled}
        />
      )}
      {(counts === "number" || counts === "integer") && (
        <Choice
          label={t("decimal", { field })}
          value={String(entry.decimal_comma ?? DEFAULT)}
          options={{ [DEFAULT]: t("decimalAuto"), true: t("decimalComma"), false: t("decimalPoint") }}
          onChoose={(chosen) => change({ decimal_comma: chosen === DEFAULT ? null : chosen === "true" })}
          disabled={disabled}
        />
      )}
      {(counts === "date" || counts === "datetime") && (
        <Choice
          label={t("dateFormat", { field })}
          value={entry.date_format ?? DEFAULT}
          options={dateForms(counts === "date" ? DATES : { ...DATES, ...TIMES }, entry.date_format ?? null, {
            iso: t("dateIso"),
            other: (format) => t("dateOther", { format }),
          })}
          onChoose={(chosen) => change({ date_format: chosen === DEFAULT ? null : chosen })}
          disabled={disabled}
        />
      )}
    </>
  );
}

function dateForms(
  known: Readonly<Record<string, string>>,
  current: string | null,
  words: { iso: string; other: (format: string) => string },
): Record<string, string> {
  const forms = { [DEFAULT]: words.iso, ...known };
  return current === null || current in known ? forms : { ...forms, [current]: words.other(current) };
}

/** One of a few, without a label that can be seen: the column of the table says what it is. */
export function Choice(props: {
  label: string;
  value: string;
  options: Readonly<Record<string, string>>;
  onChoose: (value: string) => void;
  disabled: boolean;
}) {
  const styles = useEntryStyles();
  return (
    <Dropdown
      className={styles.wide}
      aria-label={props.label}
      value={props.options[props.value] ?? props.value}
      selectedOptions={[props.value]}
      onOptionSelect={(_, { optionValue }) => optionValue !== undefined && props.onChoose(optionValue)}
      disabled={props.disabled}
    >
      {Object.entries(props.options).map(([value, text]) => (
        <Option key={value} value={value}>
          {text}
        </Option>
      ))}
    </Dropdown>
  );
}
