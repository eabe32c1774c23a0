import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useFormatter, useLocale, useTranslations } from "use-intl";
import { type Connection, isWhole, trialQuery } from "../../api/connections";
import type { Export } from "../../api/exports";
import { useMe } from "../../api/me";
import { TextLink } from "../../parts/actions/TextLink";
import { useWho } from "../../parts/sentences/who";
import { Cell } from "../../parts/table/Cell";
import { AS, useTableStyles } from "../../parts/table/table-styles";
import { ConsentBadge } from "../consent/ConsentBadge";
import type { Column } from "./ConnectionsTable";
import { exportsOver, nameOf, wrongWith } from "./shown-connections";
import { WrongText } from "./WrongText";

const useRowStyles = makeStyles({ unknown: { color: tokens.colorNeutralForeground3 } });

/** One connection; on a narrow window its cells are a card. */
export function ConnectionRow(props: {
  found: Connection;
  exports: readonly Export[] | null;
  columns: readonly Column[];
}) {
  const { found } = props;
  const t = useTranslations("connections");
  const styles = useTableStyles();
  const locale = useLocale();
  const over = props.exports && exportsOver(found.id, props.exports, locale);
  const { data: trial } = useQuery({ ...trialQuery(found.id), enabled: false });
  const wrong = wrongWith(found, over ?? [], trial);
  const cells: Readonly<Record<Column, ReactNode>> = {
    name: (
      <span className={styles.lines}>
        <TextLink to="/connections/$connectionId" params={{ connectionId: found.id }} className={styles.name}>
          {nameOf(found)}
        </TextLink>
        {nameOf(found) !== found.id && <span className={styles.quiet}>{found.id}</span>}
        {wrong && <WrongText wrong={wrong} />}
      </span>
    ),
    account: <AccountCell found={found} name={trial?.account?.name} />,
    shared: <SharedCell found={found} />,
    consent: <ConsentCell found={found} />,
    used: over ? t("used", { count: over.length }) : t("exportsUnknown"),
  };
  return (
    <tr className={styles.row} {...AS.row}>
      {props.columns.map((column) => (
        <Cell key={column} {...(column === "name" ? { isWhole: true } : { label: t(`columns.${column}`) })}>
          {cells[column]}
        </Cell>
      ))}
    </tr>
  );
}

function AccountCell({ found, name }: { found: Connection; name: string | undefined }) {
  const t = useTranslations("connections");
  const styles = useTableStyles();
  const { unknown } = useRowStyles();
  if (found.is_broken) return null;
  if (!found.account_id) return <Text className={unknown}>{t("unknownAccount")}</Text>;
  return (
    <>
      {name ?? found.account_id}
      {name && <span className={styles.quiet}>{found.account_id}</span>}
    </>
  );
}

function SharedCell({ found }: { found: Connection }) {
  const t = useTranslations("connections");
  const words = useTranslations("words.sharedWith");
  const { role } = useMe();
  if (found.is_broken) return null;
  if (isWhole(found)) return words(found.shared_with);
  if (role === "read") return null;
  return t(found.may.includes("use") ? "mayUse" : "mayNotUse");
}

function ConsentCell({ found }: { found: Connection }) {
  const t = useTranslations("connections");
  const styles = useTableStyles();
  const format = useFormatter();
  const who = useWho();
  if (!isWhole(found)) return null;
  const { accepted, accepted_by: name, accepted_at: at } = found.consent;
  return (
    <>
      <ConsentBadge whole={found} />
      {accepted && name && at && (
        <span className={styles.quiet}>
          {t("givenBy", { name: who(name), time: format.dateTime(new Date(at), { dateStyle: "medium" }) })}
        </span>
      )}
    </>
  );
}
