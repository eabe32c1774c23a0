import { Button, makeStyles, mergeClasses, SearchBox, Text, tokens } from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { looksLikeConsent } from "./guesses/names";
import { type Column, searchColumns } from "./rules/columns";
import { useEntryStyles } from "./styles";

/** So many columns are shown before somebody asks for all. */
const FEW = 8;
/** From so many columns on there is something to search. */
const MANY = 12;

const useStyles = makeStyles({
  head: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalM, alignItems: "center" },
  text: { flexGrow: 1, flexBasis: "18rem" },
  consent: {
    display: "block",
    marginBlockStart: tokens.spacingVerticalXS,
    fontWeight: tokens.fontWeightSemibold,
  },
  search: { maxWidth: "100%", width: "16rem" },
  list: { listStyleType: "none", margin: 0, padding: 0, marginBlockStart: tokens.spacingVerticalS },
  row: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 2fr) minmax(0, 3fr) auto",
    columnGap: tokens.spacingHorizontalM,
    alignItems: "center",
    minHeight: "36px",
    "@container (max-width: 44rem)": {
      gridTemplateColumns: "minmax(0, 1fr) auto",
      paddingBlock: tokens.spacingVerticalXS,
    },
    borderBlockEndWidth: tokens.strokeWidthThin,
    borderBlockEndStyle: "solid",
    borderBlockEndColor: tokens.colorNeutralStroke3,
  },
  name: { overflowWrap: "anywhere" },
  values: { "@container (max-width: 44rem)": { gridColumnStart: 1, gridRowStart: 2 } },
  send: { "@container (max-width: 44rem)": { gridColumnStart: 2, gridRowStart: 1, gridRowEnd: "span 2" } },
});

/** The columns that are not sent, said plainly; each can be sent as a property. */
export function StaysHere(props: {
  columns: readonly Column[];
  isKnown: boolean;
  onSend: (column: Column) => void;
  disabled: boolean;
}) {
  const t = useTranslations("mapping");
  const styles = useStyles();
  const entry = useEntryStyles();
  const [query, setQuery] = useState("");
  const [isLong, setLong] = useState(false);
  const { columns } = props;
  const consent = columns.filter(({ name }) => looksLikeConsent(name)).slice(0, FEW);
  const found = searchColumns(columns, query);
  const shown = isLong || query ? found : found.slice(0, FEW);
  return (
    <div>
      <div className={styles.head}>
        <Text className={styles.text}>
          {props.isKnown ? t("stays", { count: columns.length }) : t("staysUnknown")}
        </Text>
        {columns.length > MANY && (
          <SearchBox
            className={styles.search}
            aria-label={t("search")}
            placeholder={t("search")}
            value={query}
            onChange={(_, { value }) => setQuery(value)}
          />
        )}
      </div>
      {consent.length > 0 && (
        <Text className={styles.consent}>
          {t("noFilter", { count: consent.length, columns: consent.map(({ name }) => name).join(", ") })}
        </Text>
      )}
      {query && <output className={entry.quiet}>{t("found", { count: found.length })}</output>}
      {shown.length > 0 && (
        <ul className={styles.list}>
          {shown.map((column) => (
            <li key={column.name} className={styles.row}>
              <span className={styles.name}>{column.name}</span>
              <span className={mergeClasses(entry.values, styles.values)} title={column.values.join(" · ")}>
                {column.values.join(" · ")}
              </span>
              <Button
                className={styles.send}
                size="small"
                appearance="subtle"
                icon={<AddRegular />}
                aria-label={t("sendColumn", { column: column.name })}
                onClick={() => props.onSend(column)}
                disabled={props.disabled}
              >
                {t("send")}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {!query && found.length > FEW && (
        <Button appearance="transparent" onClick={() => setLong(!isLong)}>
          {isLong ? t("showLess") : t("showAll", { count: found.length })}
        </Button>
      )}
    </div>
  );
}
