import { Combobox, Label, makeStyles, Option, tokens, useId } from "@fluentui/react-components";
import { useMemo, useState } from "react";
import { useLocale, useTranslations } from "use-intl";
import { useChoicesButton } from "../../parts/choices-button";
import { FieldMessages } from "./FieldMessages";
import { isNational } from "./guesses/looks";
import type { PlacedProblem } from "./rules/problems";
import { regionsIn, searchRegions } from "./rules/regions";
import { POSITIONING, useEntryStyles } from "./styles";

const NONE = "none";

const useStyles = makeStyles({
  root: { marginBlockStart: tokens.spacingVerticalXS },
  label: { display: "block", marginBlockEnd: tokens.spacingVerticalXXS, fontSize: tokens.fontSizeBase200 },
  hint: {
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    marginBlockStart: tokens.spacingVerticalXS,
  },
});

/** The country of phone numbers that are written without a country code. */
export function PhoneRegion(props: {
  region: string | null;
  values: readonly string[];
  problems: readonly PlacedProblem[];
  onChange: (region: string | null) => void;
  disabled: boolean;
}) {
  const t = useTranslations("mapping");
  const choicesButton = useChoicesButton(t("region"));
  const locale = useLocale();
  const styles = useStyles();
  const entry = useEntryStyles();
  const id = useId("region");
  const [query, setQuery] = useState<string | null>(null);
  const regions = useMemo(() => regionsIn(locale), [locale]);
  const chosen = regions.find(({ code }) => code === props.region);
  const national = props.region === null ? props.values.find(isNational) : undefined;
  return (
    <div className={styles.root}>
      <Label id={id} className={styles.label}>
        {t("region")}
      </Label>
      <Combobox
        expandIcon={choicesButton}
        className={entry.wide}
        aria-labelledby={id}
        value={query ?? chosen?.name ?? props.region ?? ""}
        selectedOptions={[props.region ?? NONE]}
        placeholder={t("regionNone")}
        listbox={{ className: entry.list }}
        positioning={POSITIONING}
        onChange={(event) => setQuery(event.target.value)}
        onFocus={(event) => event.target.select()}
        onBlur={() => setQuery(null)}
        onOpenChange={(_, { open }) => !open && setQuery(null)}
        onOptionSelect={(_, { optionValue }) => {
          setQuery(null);
          if (optionValue !== undefined) props.onChange(optionValue === NONE ? null : optionValue);
        }}
        disabled={props.disabled}
      >
        {!query && (
          <Option value={NONE} text="">
            {t("regionNone")}
          </Option>
        )}
        {searchRegions(regions, query ?? "").map(({ code, name }) => (
          <Option key={code} value={code} text={name}>
            {name}
          </Option>
        ))}
      </Combobox>
      <FieldMessages
        problems={props.problems}
        hints={national === undefined ? [] : [t("regionMissing", { number: national })]}
      />
      {national === undefined && props.region === null && (
        <div className={styles.hint}>{t("regionHint")}</div>
      )}
    </div>
  );
}
