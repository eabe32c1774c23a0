import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  makeStyles,
  mergeClasses,
  Spinner,
  Subtitle2,
  Text,
  tokens,
} from "@fluentui/react-components";
import { SparkleRegular } from "@fluentui/react-icons";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { useFieldLabel } from "../../parts/rows/field-label";
import { useSentence } from "../../parts/sentences/sentences";
import { FieldRows } from "./FieldRows";
import { guessFields } from "./guesses/guess-fields";
import { guessProperty } from "./guesses/guess-type";
import { PropertyRows } from "./PropertyRows";
import { type Column, columnsThatStay, freeName } from "./rules/columns";
import {
  entryOf,
  type FieldKey,
  isEmpty,
  type Mapping,
  mappedColumns,
  propertiesOf,
  withEntry,
  withProperties,
} from "./rules/fields";
import { type PlacedProblem, sortProblems } from "./rules/problems";
import { StaysHere } from "./StaysHere";
import { useEntryStyles } from "./styles";

const useStyles = makeStyles({
  root: {
    containerType: "inline-size",
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXL,
  },
  section: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXS },
  title: { margin: 0 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/**
 * The mapping of an export: Klaviyo's attributes beside the columns of the segments.
 *
 * An empty *mapping* is filled with good guesses as soon as columns are known. *problems* may be about any field of
 * the export; those about the mapping and the phone region are shown at their fields.
 */
export function MappingEditor(props: {
  mapping: Mapping;
  phoneRegion: string | null;
  columns: readonly Column[];
  isLoading?: boolean;
  onChange: (mapping: Mapping) => void;
  onPhoneRegion: (region: string | null) => void;
  problems?: readonly PlacedProblem[];
  disabled?: boolean;
}) {
  const t = useTranslations("mapping");
  const say = useSentence();
  const styles = useStyles();
  const entry = useEntryStyles();
  const label = useFieldLabel();
  const { mapping, columns, onChange, disabled = false, isLoading = false } = props;
  const [guessed, setGuessed] = useState<readonly FieldKey[]>([]);
  const [hasNoGuess, setNoGuess] = useState(false);
  const problems = sortProblems(props.problems ?? [], mapping);

  const decided = guessed.reduce((less, key) => withEntry(less, key, null), mapping);

  function fillIn(from: Mapping): void {
    const found = guessFields(columns, from);
    setNoGuess(found.keys.length === 0);
    // What was guessed before stays marked until somebody decides.
    const marked = new Set([...guessed, ...found.keys]);
    setGuessed([...marked].filter((key) => entryOf(found.mapping, key) !== null));
    if (found.mapping !== mapping) onChange(found.mapping);
  }

  // Guesses follow the columns as long as nobody has decided anything, and have not been taken back.
  const guessedFor = useRef<string | null>(null);
  const names = columns.map(({ name }) => name).join("\n");
  const mayGuess = !disabled && !isLoading && columns.length > 0 && isEmpty(decided);
  useEffect(() => {
    if (!mayGuess || guessedFor.current === names) return;
    if (guessedFor.current !== null && guessed.length === 0) return;
    guessedFor.current = names;
    fillIn(decided);
  });

  function change(changed: Mapping): void {
    setNoGuess(false);
    setGuessed(guessed.filter((key) => entryOf(mapping, key) === entryOf(changed, key)));
    onChange(changed);
  }

  const used = mappedColumns(mapping);
  const usedAs = (name: string): string => {
    const places = used.get(name) ?? [];
    const fields = places.map((place) => (typeof place === "string" ? label(place) : place.property));
    return fields.length === 0 ? "" : t("alsoSent", { fields: fields.join(", ") });
  };
  const send = (column: Column): void => {
    const own = propertiesOf(mapping);
    const name = freeName(
      column.name,
      own.map((each) => each.name),
    );
    change(withProperties(mapping, [...own, { name, entry: guessProperty(column) }]));
  };

  return (
    <div className={styles.root}>
      <div className={styles.section}>
        {isLoading && <Spinner size="tiny" label={t("loading")} labelPosition="after" />}
        {!isLoading && columns.length === 0 && <Notice>{t("noColumns")}</Notice>}
        {problems.others.map((problem) => (
          <Notice key={`${problem.pointer} ${problem.code}`} isError>
            {say(problem)}
          </Notice>
        ))}
        {guessed.length > 0 && (
          <Notice
            action={
              <Button
                onClick={() => {
                  setGuessed([]);
                  onChange(decided);
                }}
              >
                {t("undoGuesses")}
              </Button>
            }
          >
            {t("guessed", { count: guessed.length })}
          </Notice>
        )}
        {hasNoGuess && <Notice>{t("noGuess")}</Notice>}
        <div className={mergeClasses(entry.row, entry.heads)} aria-hidden>
          <span>{t("field")}</span>
          <span>{t("column")}</span>
          <span>{t("details")}</span>
        </div>
        <FieldRows
          mapping={mapping}
          phoneRegion={props.phoneRegion}
          columns={columns}
          guessed={new Set(guessed)}
          problems={problems}
          usedAs={usedAs}
          onChange={change}
          onPhoneRegion={props.onPhoneRegion}
          disabled={disabled}
        >
          {columns.length > 0 && (
            <Button
              appearance="transparent"
              icon={<SparkleRegular />}
              onClick={() => fillIn(mapping)}
              disabled={disabled}
            >
              {t("guessMore")}
            </Button>
          )}
        </FieldRows>
      </div>
      <section className={styles.section}>
        <Subtitle2 as="h3" className={styles.title}>
          {t("groups.properties")}
        </Subtitle2>
        <Text className={styles.quiet}>{t("propertiesIntro")}</Text>
        <PropertyRows
          mapping={mapping}
          columns={columns}
          problems={problems}
          usedAs={usedAs}
          onChange={change}
          disabled={disabled}
        />
      </section>
      <section className={styles.section}>
        <Subtitle2 as="h3" className={styles.title}>
          {t("staysTitle")}
        </Subtitle2>
        <StaysHere
          columns={columnsThatStay(columns, mapping)}
          isKnown={columns.length > 0}
          onSend={send}
          disabled={disabled}
        />
      </section>
    </div>
  );
}

function Notice(props: { children: ReactNode; isError?: boolean; action?: ReactNode }) {
  return (
    <MessageBar intent={props.isError ? "error" : "info"} layout={props.action ? "auto" : "multiline"}>
      <MessageBarBody>{props.children}</MessageBarBody>
      {props.action && <MessageBarActions>{props.action}</MessageBarActions>}
    </MessageBar>
  );
}
