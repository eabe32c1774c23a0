import { Button, useId } from "@fluentui/react-components";
import { DeleteRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { ColumnPicker } from "./ColumnPicker";
import { type Constant, ConstantInput, ConstantKind } from "./ConstantInput";
import { FieldMessages } from "./FieldMessages";
import type { Column } from "./rules/columns";
import { columnEntry, type Entry, type ValueType } from "./rules/fields";
import type { PlacedProblem } from "./rules/problems";
import { useEntryStyles } from "./styles";
import { TypeChoice } from "./TypeChoice";

export type EntryRules = {
  takesConstant: boolean;
  types: readonly ValueType[];
  /** Whether a constant may be a number, true or false as well as a text. */
  hasKinds?: boolean;
  isRequired?: boolean;
};

/** An attribute or property of a profile: its name, where its values come from, and what these look like. */
export function EntryRow(props: {
  name: ReactNode;
  field: string;
  entry: Entry | null;
  rules: EntryRules;
  columns: readonly Column[];
  usedAs: (column: string) => string;
  onChange: (entry: Entry | null) => void;
  /** The entry that a column gets when it is chosen; its name where this is not given. */
  entryFor?: (column: string) => Entry;
  onRemove?: (() => void) | undefined;
  problems: readonly PlacedProblem[];
  hints?: readonly string[];
  children?: ReactNode;
  disabled: boolean;
}) {
  const t = useTranslations("mapping");
  const styles = useEntryStyles();
  const { entry, rules, field, onChange, disabled } = props;
  const from = entry === null ? null : columnEntry(entry);
  const constant = entry !== null && from === null ? (entry as { value: Constant }).value : null;
  const id = useId("messages");
  const hints = props.hints ?? [];
  const messages =
    props.problems.length + hints.length > 0 ? (
      <FieldMessages problems={props.problems} hints={hints} />
    ) : null;
  const isInvalid = props.problems.some(({ isWarning }) => isWarning !== true);
  const described = { "aria-invalid": isInvalid, ...(messages ? { "aria-describedby": id } : {}) };
  const values = props.columns.find(({ name }) => name === from?.column)?.values ?? [];
  return (
    <li className={styles.row}>
      <div className={styles.name}>{props.name}</div>
      <div className={styles.picker}>
        {constant !== null ? (
          <ConstantInput
            key={typeof constant}
            field={field}
            value={constant}
            described={described}
            onChange={(value) => onChange({ value } as Entry)}
            onColumn={() => onChange(null)}
            disabled={disabled}
          />
        ) : (
          <ColumnPicker
            label={t("columnOf", { field })}
            value={from?.column ?? null}
            columns={props.columns}
            usedAs={props.usedAs}
            onColumn={(column) => onChange(props.entryFor?.(column) ?? column)}
            onConstant={rules.takesConstant ? () => onChange({ value: "" }) : undefined}
            onClear={rules.isRequired ? undefined : () => onChange(null)}
            placeholder={t(rules.isRequired ? "chooseColumn" : "notSent")}
            isRequired={rules.isRequired === true}
            described={described}
            disabled={disabled}
          />
        )}
      </div>
      <div className={styles.details}>
        {from && rules.types.length > 0 && (
          <TypeChoice
            field={field}
            entry={from}
            types={rules.types}
            onChange={onChange}
            disabled={disabled}
          />
        )}
        {constant !== null && rules.hasKinds && (
          <ConstantKind
            field={field}
            value={constant}
            onChange={(value) => onChange({ value } as Entry)}
            disabled={disabled}
          />
        )}
        {values.length > 0 && (
          <span className={styles.values} title={values.join(" · ")}>
            {values.join(" · ")}
          </span>
        )}
        {constant !== null && !rules.hasKinds && <span className={styles.values}>{t("constantHint")}</span>}
      </div>
      {messages && (
        <div id={id} className={styles.messages}>
          {messages}
        </div>
      )}
      {props.children && <div className={styles.extra}>{props.children}</div>}
      {props.onRemove && (
        <Button
          className={styles.remove}
          appearance="subtle"
          icon={<DeleteRegular />}
          aria-label={t("remove", { field })}
          title={t("remove", { field })}
          onClick={props.onRemove}
          disabled={disabled}
        />
      )}
    </li>
  );
}
