import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  Spinner,
  tokens,
} from "@fluentui/react-components";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { WholeConnection } from "../../api/connections";
import { useToast } from "../../app/Toasts";
import { UnsavedGuard } from "../../app/UnsavedGuard";
import { Panel } from "../../parts/Panel";
import { ProblemView } from "../../parts/ProblemView";
import { nameFault } from "../connect/connect-draft";
import { focusFirstInvalid } from "../first-invalid";
import { NameField } from "../NameField";
import { ShareField } from "../ShareField";
import { isSameSettings, type Settings, settingsOf } from "./settings";
import { isConflict, useChange } from "./use-change";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
});

/** What the connection is called and who may use it, to be changed. */
export function SettingsSection({ whole, etag }: { whole: WholeConnection; etag: string }) {
  const t = useTranslations("connections.one");
  const words = useTranslations("words.sharedWith");
  const styles = useStyles();
  const toast = useToast();
  // What was read when the first change was typed: a save is over that version, not over one that came since.
  const [base, setBase] = useState({ settings: settingsOf(whole), etag });
  const [typed, setTyped] = useState<Settings>(base.settings);
  const { change, isBusy, error, forget } = useChange(whole, base.etag);
  const isDirty = !isSameSettings(typed, base.settings);
  const take = (settings: Settings) => {
    setBase({ settings: settingsOf(whole), etag });
    setTyped(settings);
    forget();
  };
  if (!isDirty && !isBusy && base.etag !== etag) take(settingsOf(whole));

  function submit() {
    if (nameFault(typed.name) !== null) return focusFirstInvalid();
    change(
      { display_name: typed.name, shared_with: typed.sharedWith },
      {
        onSuccess: (read) => {
          setBase({ settings: typed, etag: read.etag });
          toast(t("saved"), "success");
        },
      },
    );
  }

  return (
    <Panel title={t("settings.title")}>
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) submit();
        }}
      >
        <UnsavedGuard when={isDirty} />
        {isConflict(error) ? (
          <MessageBar intent="warning" layout="multiline" role="alert">
            <MessageBarBody>
              <MessageBarTitle>{t("conflict.title")}</MessageBarTitle>
              {t("conflict.detail", { name: whole.display_name, shared: words(whole.shared_with) })}
            </MessageBarBody>
            <MessageBarActions>
              <Button onClick={() => take(typed)}>{t("conflict.keepMine")}</Button>
              <Button onClick={() => take(settingsOf(whole))}>{t("conflict.takeTheirs")}</Button>
            </MessageBarActions>
          </MessageBar>
        ) : (
          error && <ProblemView problem={error} />
        )}
        <NameField
          name={typed.name}
          change={(name) => setTyped({ ...typed, name })}
          wasTried
          isTwice={false}
        />
        <ShareField value={typed.sharedWith} change={(sharedWith) => setTyped({ ...typed, sharedWith })} />
        <div className={styles.actions}>
          <Button
            type="submit"
            appearance={isDirty ? "primary" : "secondary"}
            disabledFocusable={!isDirty || isBusy}
            {...(isBusy ? { icon: <Spinner size="tiny" aria-hidden /> } : {})}
          >
            {t(isBusy ? "saving" : "save")}
          </Button>
          {isDirty && (
            <Button disabled={isBusy} onClick={() => take(settingsOf(whole))}>
              {t("discard")}
            </Button>
          )}
        </div>
      </form>
    </Panel>
  );
}
