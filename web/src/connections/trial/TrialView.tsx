import { Badge, makeStyles, Text, tokens, typographyStyles } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import type { ConnectionCheck } from "../../api/connections";
import { listsQuery } from "../../api/lists";
import { Facts } from "../Facts";
import { NeededScopes } from "../key/NeededScopes";
import { scopesOf } from "./findings";
import { type Cures, Verdict } from "./Verdict";

const SHOWN_LISTS = 5;

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL },
  title: { ...typographyStyles.subtitle2, margin: 0, marginBlockEnd: tokens.spacingVerticalS },
  quiet: { color: tokens.colorNeutralForeground3 },
  id: { marginInline: tokens.spacingHorizontalS, color: tokens.colorNeutralForeground3 },
});

/** What Klaviyo said of the connection *id*: whether it is ready, what to mend, its account, its lists, its scopes. */
export function TrialView(props: { id: string; check: ConnectionCheck; cures: Cures }) {
  const t = useTranslations("connections.trial");
  const styles = useStyles();
  const { check } = props;
  const { account } = check;
  const scopes = scopesOf(check);
  return (
    <div className={styles.root}>
      <Verdict check={check} cures={props.cures} />
      {check.scopes && (
        <>
          <Facts
            facts={[
              { name: t("account"), value: <AccountFound account={account} /> },
              { name: t("lists"), value: <ReachedLists id={props.id} /> },
            ]}
          />
          <div>
            <h3 className={styles.title}>{t("scopes")}</h3>
            <NeededScopes found={scopes} />
          </div>
        </>
      )}
    </div>
  );
}

function AccountFound({ account }: { account: ConnectionCheck["account"] }) {
  const t = useTranslations("connections.trial");
  const styles = useStyles();
  if (!account) return <Text className={styles.quiet}>{t("accountUnknown")}</Text>;
  return (
    <>
      {account.name}
      <span className={styles.id}>{account.id}</span>
      {account.is_test && (
        <Badge appearance="tint" color="informative" shape="rounded">
          {t("testAccount")}
        </Badge>
      )}
    </>
  );
}

/** How many lists can be reached, with the names of some. */
function ReachedLists({ id }: { id: string }) {
  const t = useTranslations("connections.trial");
  const styles = useStyles();
  const lists = useQuery({ ...listsQuery(id), retry: false });
  if (lists.error) return <Text className={styles.quiet}>{t("listsUnknown")}</Text>;
  if (!lists.data) return <Text className={styles.quiet}>{t("listsAsking")}</Text>;
  const all = lists.data.lists;
  const names = all
    .slice(0, SHOWN_LISTS)
    .map((each) => t("listName", { name: each.name }))
    .join(", ");
  const shown = all.length > SHOWN_LISTS ? t("listsMore", { names }) : names;
  return <>{t("listsCount", { count: all.length, names: shown })}</>;
}
