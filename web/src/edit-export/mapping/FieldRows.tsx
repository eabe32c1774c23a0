import {
  Badge,
  Button,
  Label,
  Menu,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";
import { useFieldLabel } from "../../parts/rows/field-label";
import { EntryRow } from "./EntryRow";
import { PhoneRegion } from "./PhoneRegion";
import { type Column, segmentsWithout } from "./rules/columns";
import {
  columnOf,
  entryOf,
  FIELDS,
  type FieldKey,
  type FieldRule,
  type Mapping,
  withEntry,
} from "./rules/fields";
import { fieldPointer, PHONE_REGION, type SortedProblems } from "./rules/problems";
import { useEntryStyles } from "./styles";

const GROUPS = ["person", "more", "location"] as const;

/** Klaviyo's own attributes: those that are mapped or often needed; a menu adds the others. */
export function FieldRows(props: {
  mapping: Mapping;
  phoneRegion: string | null;
  columns: readonly Column[];
  guessed: ReadonlySet<FieldKey>;
  problems: SortedProblems;
  usedAs: (column: string) => string;
  onChange: (mapping: Mapping) => void;
  onPhoneRegion: (region: string | null) => void;
  disabled: boolean;
  children?: ReactNode;
}) {
  const t = useTranslations("mapping");
  const styles = useEntryStyles();
  const label = useFieldLabel();
  const [added, setAdded] = useState<ReadonlySet<FieldKey>>(new Set());
  const { mapping, columns, problems, disabled } = props;

  const isShown = ({ key, isCore }: FieldRule): boolean =>
    isCore || added.has(key) || entryOf(mapping, key) !== null || problems.at(fieldPointer(key)).length > 0;
  const hidden = FIELDS.filter((field) => !isShown(field));
  const remove = (key: FieldKey): void => {
    setAdded(new Set([...added].filter((each) => each !== key)));
    props.onChange(withEntry(mapping, key, null));
  };

  function hintsOf(key: FieldKey): string[] {
    const entry = entryOf(mapping, key);
    if (problems.at(fieldPointer(key)).some(({ code }) => code.includes("column_"))) return [];
    const name = entry === null ? null : columnOf(entry);
    if (name === null || columns.length === 0) return [];
    const column = columns.find((each) => each.name === name);
    if (!column) return [t("unknownColumn")];
    const segments = segmentsWithout(column, columns);
    if (segments.length === 0) return [];
    return [t(key === "email" ? "emailMissingIn" : "missingIn", { segments: segments.join(", ") })];
  }

  const phone = entryOf(mapping, "phone_number");
  const phones = columns.find(({ name }) => phone !== null && name === columnOf(phone));
  return (
    <div>
      <ul className={styles.rows}>
        {FIELDS.filter(isShown).map((field) => {
          const { key } = field;
          const entry = entryOf(mapping, key);
          return (
            <EntryRow
              key={key}
              field={label(key)}
              name={
                <>
                  <Label required={key === "email"} weight={key === "email" ? "semibold" : "regular"}>
                    {label(key)}
                  </Label>
                  {props.guessed.has(key) && (
                    <Badge appearance="tint" color="brand" size="small">
                      {t("guessedTag")}
                    </Badge>
                  )}
                </>
              }
              entry={entry}
              rules={{ ...field, isRequired: key === "email" }}
              columns={columns}
              usedAs={props.usedAs}
              onChange={(changed) => {
                setAdded(new Set([...added, key]));
                props.onChange(withEntry(mapping, key, changed));
              }}
              onRemove={field.isCore ? undefined : () => remove(key)}
              problems={problems.at(fieldPointer(key))}
              hints={hintsOf(key)}
              disabled={disabled}
            >
              {key === "phone_number" && entry !== null && (
                <PhoneRegion
                  region={props.phoneRegion}
                  values={phones?.values ?? []}
                  problems={problems.at(PHONE_REGION)}
                  onChange={props.onPhoneRegion}
                  disabled={disabled}
                />
              )}
            </EntryRow>
          );
        })}
      </ul>
      {hidden.length > 0 && (
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <Button appearance="transparent" icon={<AddRegular />} disabled={disabled}>
              {t("addField")}
            </Button>
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              {GROUPS.map((group) => {
                const fields = hidden.filter((field) => field.group === group);
                if (fields.length === 0) return null;
                return (
                  <MenuGroup key={group}>
                    <MenuGroupHeader>{t(`groups.${group}`)}</MenuGroupHeader>
                    {fields.map(({ key }) => (
                      <MenuItem key={key} onClick={() => setAdded(new Set([...added, key]))}>
                        {label(key)}
                      </MenuItem>
                    ))}
                  </MenuGroup>
                );
              })}
            </MenuList>
          </MenuPopover>
        </Menu>
      )}
      {props.children}
    </div>
  );
}
