import { Button, makeStyles, Spinner, Text, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { WholeConnection } from "../../api/connections";
import { useMe } from "../../api/me";
import { problemWithoutAnswer } from "../../api/problem";
import { useToast } from "../../app/Toasts";
import { UnsavedGuard } from "../../app/UnsavedGuard";
import { focusFirstInvalid } from "../first-invalid";
import { ChangeProblem } from "../one/ChangeProblem";
import { useChange } from "../one/use-change";
import { KeyFields } from "./KeyFields";
import { KlaviyoLink } from "./KlaviyoLink";
import { canSendAgain, type KeyChoice, keyFault, keyOf, NO_KEY, withoutKey } from "./key-choice";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", alignItems: "stretch", rowGap: tokens.spacingVerticalL },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
});

/** Gives a connection another key, typed in or in a secret; the page forgets what was typed as soon as it was sent. */
export function KeyForm(props: {
  whole: WholeConnection;
  etag: string;
  onDone: () => void;
  onCancel: () => void;
}) {
  const t = useTranslations("connections.one.key");
  const connect = useTranslations("connect");
  const styles = useStyles();
  const toast = useToast();
  const { app } = useMe();
  const { whole } = props;
  const start: KeyChoice = app.can_enter_keys
    ? NO_KEY
    : { ...NO_KEY, kind: "secret", secret: whole.secret_name };
  const [choice, setChoice] = useState(start);
  const [wasTried, setTried] = useState(false);
  const [hasForgotten, setForgotten] = useState(false);
  const { change, isBusy, error, forget } = useChange(whole, props.etag);
  const hasTyped = choice.key !== "" || (choice.kind === "secret" && choice.secret !== start.secret);
  const errors = error ? problemWithoutAnswer(error).errors : [];

  function submit() {
    setTried(true);
    if (keyFault(choice) !== null) return focusFirstInvalid();
    change(keyOf(choice), {
      onSuccess: () => {
        setChoice(start);
        toast(t("changed"), "success");
        props.onDone();
      },
      onError: (failure) => {
        if (choice.kind === "typed" && !canSendAgain(failure)) {
          setChoice(withoutKey(choice));
          setForgotten(true);
          setTried(false);
        }
        focusFirstInvalid();
      },
    });
  }

  return (
    <form
      className={styles.root}
      noValidate
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) submit();
      }}
    >
      <UnsavedGuard when={hasTyped} />
      {errors.length === 0 && <ChangeProblem error={error} />}
      {whole.account_id && <Text>{t("sameAccount", { account: whole.account_id })}</Text>}
      <KeyFields
        choice={choice}
        change={(changed) => {
          setChoice(changed);
          setForgotten(false);
          forget();
        }}
        id={whole.id}
        wasTried={wasTried}
        errors={errors}
      />
      {hasForgotten && <Text>{connect("keyGone")}</Text>}
      <div>
        <KlaviyoLink />
      </div>
      <div className={styles.actions}>
        <Button
          type="submit"
          appearance="primary"
          disabledFocusable={isBusy}
          {...(isBusy ? { icon: <Spinner size="tiny" aria-hidden /> } : {})}
        >
          {t("save")}
        </Button>
        <Button onClick={props.onCancel} disabled={isBusy}>
          {t("cancel")}
        </Button>
      </div>
    </form>
  );
}
