import { Button, Field, Input, makeStyles, tokens } from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ColumnPicker } from "./ColumnPicker";
import { EntryRow } from "./EntryRow";
import { guessProperty } from "./guesses/guess-type";
import { type Column, freeName } from "./rules/columns";
import {
  columnOf,
  type Entry,
  type Mapping,
  PROPERTY_TYPES,
  propertiesOf,
  withProperties,
} from "./rules/fields";
import { propertyPointer, type SortedProblems } from "./rules/problems";
import { useEntryStyles } from "./styles";

const RULES = { takesConstant: true, types: PROPERTY_TYPES, hasKinds: true, isRequired: true };

const useStyles = makeStyles({
  add: {
    display: "flex",
    flexWrap: "wrap",
    gap: tokens.spacingHorizontalS,
    paddingBlock: tokens.spacingVerticalS,
  },
  picker: { flexBasis: "16rem", flexGrow: 1, maxWidth: "24rem", minWidth: 0 },
  name: { width: "100%", minWidth: 0 },
});

/** Return the entry of a property that takes *name*, with the type that the values of the column have. */
export function propertyEntry(name: string, columns: readonly Column[]): Entry {
  return guessProperty(columns.find((column) => column.name === name) ?? { name, values: [], segments: [] });
}

/** Properties of the customer's own: any name, from a column or the same for everybody. */
export function PropertyRows(props: {
  mapping: Mapping;
  columns: readonly Column[];
  problems: SortedProblems;
  usedAs: (column: string) => string;
  onChange: (mapping: Mapping) => void;
  disabled: boolean;
}) {
  const t = useTranslations("mapping");
  const styles = useStyles();
  const entries = useEntryStyles();
  const { mapping, columns, disabled } = props;
  const properties = propertiesOf(mapping);
  const names = properties.map(({ name }) => name);
  const at = (name: string) => props.problems.at(propertyPointer(name));
  const change = (changed: typeof properties): void => props.onChange(withProperties(mapping, changed));
  const replace = (index: number, more: Partial<(typeof properties)[number]>): void =>
    change(properties.map((each, at) => (at === index ? { ...each, ...more } : each)));
  const add = (name: string, entry: Entry): void =>
    change([...properties, { name: freeName(name, names), entry }]);
  return (
    <div>
      {properties.length > 0 && (
        <ul className={entries.rows}>
          {properties.map(({ name, entry }, index) => (
            <EntryRow
              // A property keeps its row, and its focus, while its name is changed.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              key={index}
              field={name}
              name={
                <PropertyName
                  name={name}
                  others={names.filter((each) => each !== name)}
                  onChange={(changed) => replace(index, { name: changed })}
                  disabled={disabled}
                />
              }
              entry={entry}
              rules={RULES}
              columns={columns}
              usedAs={props.usedAs}
              entryFor={(column) => propertyEntry(column, columns)}
              onChange={(changed) => replace(index, { entry: changed ?? "" })}
              onRemove={() => change(properties.filter((_, at) => at !== index))}
              problems={at(name)}
              hints={isUnknown(entry, columns) && at(name).length === 0 ? [t("unknownColumn")] : []}
              disabled={disabled}
            />
          ))}
        </ul>
      )}
      <div className={styles.add}>
        <div className={styles.picker}>
          <ColumnPicker
            label={t("addProperty")}
            placeholder={t("addProperty")}
            value={null}
            columns={columns}
            usedAs={props.usedAs}
            onColumn={(name) => add(name, propertyEntry(name, columns))}
            disabled={disabled}
          />
        </div>
        <Button
          appearance="transparent"
          icon={<AddRegular />}
          onClick={() => add(t("newConstant"), { value: "" })}
          disabled={disabled}
        >
          {t("addConstant")}
        </Button>
      </div>
    </div>
  );
}

function isUnknown(entry: Entry, columns: readonly Column[]): boolean {
  const name = columnOf(entry);
  return Boolean(name) && columns.length > 0 && !columns.some((column) => column.name === name);
}

/** The name of a property; one that cannot be is not taken over, and the field says why. */
function PropertyName(props: {
  name: string;
  others: readonly string[];
  onChange: (name: string) => void;
  disabled: boolean;
}) {
  const t = useTranslations("mapping");
  const styles = useStyles();
  const [typed, setTyped] = useState<string | null>(null);
  const fault = typed === null ? null : faultOf(typed, props.others);
  return (
    <Field
      className={styles.name}
      validationMessage={fault && t(fault)}
      validationState={fault ? "error" : "none"}
    >
      <Input
        className={styles.name}
        aria-label={t("propertyName")}
        value={typed ?? props.name}
        maxLength={200}
        onChange={(_, { value }) => {
          setTyped(value);
          if (faultOf(value, props.others) === null) props.onChange(value.trim());
        }}
        onBlur={() => fault === null && setTyped(null)}
        disabled={props.disabled}
      />
    </Field>
  );
}

function faultOf(
  name: string,
  others: readonly string[],
): "nameMissing" | "nameTaken" | "nameKlaviyo" | null {
  const trimmed = name.trim();
  if (trimmed === "") return "nameMissing";
  if (trimmed.startsWith("$")) return "nameKlaviyo";
  return others.includes(trimmed) ? "nameTaken" : null;
}
