import { Button, MessageBar, MessageBarBody, makeStyles, tokens } from "@fluentui/react-components";
import { DeleteRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useFormatter, useLocale, useTranslations } from "use-intl";
import { isWhole, type ReadConnection, trialQuery, type WholeConnection } from "../../api/connections";
import { exportsQuery } from "../../api/exports";
import { useMe } from "../../api/me";
import { LinkButton } from "../../parts/actions/LinkButton";
import { PageHeader } from "../../parts/PageHeader";
import { useSentence } from "../../parts/sentences/sentences";
import { useWho } from "../../parts/sentences/who";
import { exportsOver, nameOf, wrongWith } from "../list/shown-connections";
import { ConsentSection } from "./ConsentSection";
import { ExportsSection } from "./ExportsSection";
import { KeySection } from "./KeySection";
import { RemovalDialog } from "./RemovalDialog";
import { SettingsSection } from "./SettingsSection";
import { TestSection } from "./TestSection";

const useStyles = makeStyles({
  root: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr)",
    gap: tokens.spacingVerticalL,
    alignItems: "start",
    "@media (min-width: 64rem)": { gridTemplateColumns: "minmax(0, 3fr) minmax(0, 2fr)" },
  },
  column: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL, minWidth: 0 },
});

/** A connection that can be read: administrators see and change all of it, others see its name and its exports. */
export function OneConnection({ read }: { read: ReadConnection }) {
  const t = useTranslations("connections.one");
  const styles = useStyles();
  const locale = useLocale();
  const { shown, etag } = read;
  const me = useMe();
  const [isRemoving, setRemoving] = useState(false);
  const exports = useQuery(exportsQuery);
  const over = exports.data ? exportsOver(shown.id, exports.data, locale) : null;
  const whole = isWhole(shown) ? shown : null;
  const mayUse = shown.may.includes("use") && me.may.includes("put_export");
  const used = <ExportsSection exports={over} error={exports.error} />;
  return (
    <>
      <PageHeader
        title={nameOf(shown)}
        intro={<Intro id={shown.id} whole={whole} />}
        actions={
          <>
            {shown.may.includes("remove") && (
              <Button icon={<DeleteRegular />} onClick={() => setRemoving(true)}>
                {t("remove")}
              </Button>
            )}
            {mayUse && (
              <LinkButton to="/exports/new" search={{ connection: shown.id }} appearance="primary">
                {t("addExport")}
              </LinkButton>
            )}
          </>
        }
      />
      {whole === null ? (
        <div className={styles.column}>
          <MessageBar layout="multiline">
            <MessageBarBody>
              {t(me.role === "read" ? "seen.read" : mayUse ? "seen.use" : "seen.noUse")}
            </MessageBarBody>
          </MessageBar>
          {used}
        </div>
      ) : (
        <Whole whole={whole} etag={etag} exports={over ?? []} used={used} />
      )}
      {isRemoving && (
        <RemovalDialog
          id={shown.id}
          name={nameOf(shown)}
          etag={etag}
          exports={over}
          close={() => setRemoving(false)}
        />
      )}
    </>
  );
}

function Intro({ id, whole }: { id: string; whole: WholeConnection | null }) {
  const t = useTranslations("connections.one");
  const format = useFormatter();
  const who = useWho();
  const { changed_at: at, changed_by: name } = whole ?? {};
  const changed =
    at && name
      ? t("changed", {
          name: who(name),
          time: format.dateTime(new Date(at), { dateStyle: "medium", timeStyle: "short" }),
        })
      : null;
  return <>{[t("intro", { id }), changed].filter(Boolean).join(" · ")}</>;
}

function Whole(props: {
  whole: WholeConnection;
  etag: string;
  exports: Parameters<typeof ConsentSection>[0]["exports"];
  used: ReactNode;
}) {
  const styles = useStyles();
  const { whole, etag } = props;
  const [isChangingKey, setChangingKey] = useState(false);
  const trial = useQuery({ ...trialQuery(whole.id), enabled: false });
  const testAgain = () => void trial.refetch();
  const say = useSentence();
  // What a test finds stands beside the test.
  const wrong = trial.data ? null : wrongWith(whole, props.exports);
  return (
    <div className={styles.root}>
      <div className={styles.column}>
        {wrong !== null && typeof wrong === "object" && (
          <MessageBar intent="error" layout="multiline">
            <MessageBarBody>{say(wrong)}</MessageBarBody>
          </MessageBar>
        )}
        <TestSection whole={whole} etag={etag} trial={trial} onKey={() => setChangingKey(true)} />
        <KeySection
          whole={whole}
          etag={etag}
          isOpen={isChangingKey}
          open={setChangingKey}
          onChanged={testAgain}
        />
        <ConsentSection
          whole={whole}
          etag={etag}
          exports={props.exports}
          onGiven={() => trial.data && testAgain()}
        />
      </div>
      <div className={styles.column}>
        <SettingsSection whole={whole} etag={etag} />
        {props.used}
      </div>
    </div>
  );
}
