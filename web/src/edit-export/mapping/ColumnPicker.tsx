import { Combobox, makeStyles, Option, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useChoicesButton } from "../../parts/choices-button";
import { type Column, searchColumns } from "./rules/columns";
import { POSITIONING, useEntryStyles } from "./styles";

/** So many columns are offered at once; the others are found by typing. */
const OFFERED = 50;
const NOT_SENT = "none:";
const CONSTANT = "constant:";
const COLUMN = "column:";

const useStyles = makeStyles({
  option: { display: "flex", flexDirection: "column", minWidth: 0 },
  column: { overflowWrap: "anywhere" },
  values: {
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
    maxWidth: "22rem",
  },
});

/** What is wrong with a field: whether something is, and the element that says what. */
export type Described = { "aria-invalid": boolean; "aria-describedby"?: string };

/** Chooses a column by its name or its values; a name that nobody has seen may be typed as well. */
export function ColumnPicker(props: {
  label: string;
  value: string | null;
  columns: readonly Column[];
  onColumn: (name: string) => void;
  onConstant?: (() => void) | undefined;
  onClear?: (() => void) | undefined;
  usedAs?: (name: string) => string;
  placeholder?: string;
  disabled: boolean;
  isRequired?: boolean;
  described?: Described;
}) {
  const t = useTranslations("mapping");
  const choicesButton = useChoicesButton(props.label);
  const styles = useStyles();
  const entry = useEntryStyles();
  const [query, setQuery] = useState<string | null>(null);
  const found = searchColumns(props.columns, query ?? "");
  const typed = query?.trim() ?? "";
  const isTypedNew = typed !== "" && !props.columns.some(({ name }) => name === typed);
  const choose = (choice: string | undefined): void => {
    // The box also tells that a typed text is none of the options.
    if (choice === undefined) return;
    setQuery(null);
    if (choice === NOT_SENT) props.onClear?.();
    else if (choice === CONSTANT) props.onConstant?.();
    else if (choice.startsWith(COLUMN)) props.onColumn(choice.slice(COLUMN.length));
  };
  return (
    <Combobox
      expandIcon={choicesButton}
      className={entry.wide}
      aria-label={props.label}
      aria-required={props.isRequired === true}
      {...props.described}
      value={query ?? props.value ?? ""}
      selectedOptions={props.value === null ? [NOT_SENT] : [COLUMN + props.value]}
      placeholder={props.placeholder ?? t("notSent")}
      disabled={props.disabled}
      listbox={{ className: entry.list }}
      positioning={POSITIONING}
      onChange={(event) => setQuery(event.target.value)}
      onFocus={(event) => event.target.select()}
      onBlur={() => setQuery(null)}
      onOpenChange={(_, { open }) => !open && setQuery(null)}
      onOptionSelect={(_, { optionValue }) => choose(optionValue)}
    >
      {!typed && props.onClear && (
        <Option value={NOT_SENT} text="">
          {t("notSent")}
        </Option>
      )}
      {!typed && props.onConstant && (
        <Option value={CONSTANT} text="">
          {t("sameForAll")}
        </Option>
      )}
      {found.slice(0, OFFERED).map(({ name, values }) => (
        <Option key={name} value={COLUMN + name} text={name}>
          <span className={styles.option}>
            <span className={styles.column}>{name}</span>
            <span className={styles.values}>
              {[props.usedAs?.(name), values.join(" · ")].filter(Boolean).join(" – ")}
            </span>
          </span>
        </Option>
      ))}
      {isTypedNew && (
        <Option value={COLUMN + typed} text={typed}>
          {t("useTyped", { name: typed })}
        </Option>
      )}
      {found.length > OFFERED && (
        <Option disabled value="more:" text="">
          {t("moreColumns", { count: found.length - OFFERED })}
        </Option>
      )}
    </Combobox>
  );
}
