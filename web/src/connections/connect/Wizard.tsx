import { MessageBar, MessageBarBody, makeStyles, tokens } from "@fluentui/react-components";
import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useLocale, useTranslations } from "use-intl";
import { type Connection, useCheckConnection, useSaveConnection } from "../../api/connections";
import { useMe } from "../../api/me";
import { problemWithoutAnswer } from "../../api/problem";
import { UnsavedGuard } from "../../app/UnsavedGuard";
import { ProblemView } from "../../parts/ProblemView";
import { isAgreed, useMustName } from "../consent/AgreeFields";
import { focusFirstInvalid } from "../first-invalid";
import { canSendAgain, withoutKey } from "../key/key-choice";
import { ConsentStep } from "./ConsentStep";
import {
  type ConnectDraft,
  connectionId,
  emptyConnect,
  hasTyped,
  reachedStep,
  stepOfPointer,
  wishOf,
  wishWithoutConsent,
} from "./connect-draft";
import type { Step } from "./connect-search";
import { KeyStep } from "./KeyStep";
import { forgetDraft, keepDraft, keptDraft } from "./kept-draft";
import { NameStep } from "./NameStep";
import { StepList } from "./StepList";

const useStyles = makeStyles({
  messages: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalM,
    maxWidth: "60rem",
    ":not(:empty)": { marginBlockEnd: tokens.spacingVerticalL },
  },
});

/** The steps up to "Connect"; *others* are the connections that there are. The address says the step. */
export function Wizard({ others }: { others: readonly Connection[] }) {
  const t = useTranslations("connect");
  const styles = useStyles();
  const locale = useLocale();
  const { app } = useMe();
  const mustName = useMustName();
  const navigate = useNavigate({ from: "/connections/new" });
  const wanted = useSearch({ from: "/connections/new" }).step ?? "name";
  const [kept] = useState(() => keptDraft(app.can_enter_keys));
  const [draft, setDraft] = useState<ConnectDraft>(kept.draft);
  const [tried, setTried] = useState<Step | null>(null);
  const [hasForgotten, setForgotten] = useState(kept.hadKey);
  useKeptUntilLeft(draft);
  const check = useCheckConnection();
  const save = useSaveConnection();
  const id = connectionId(
    draft.name,
    others.map((each) => each.id),
  );
  const step = reachedStep(draft, wanted);
  const failure = save.error ?? check.error;
  const problem = failure === null ? null : problemWithoutAnswer(failure);

  const change = (changes: Partial<ConnectDraft>) => {
    setDraft((before) => ({ ...before, ...changes }));
    setForgotten(false);
    if (check.error) check.reset();
    if (save.error) save.reset();
  };
  const go = (to: Step) => {
    setTried(null);
    void navigate({ search: to === "name" ? {} : { step: to } });
  };
  const tryTo = (from: Step, to: Step) => {
    setTried(from);
    if (reachedStep(draft, to) === to) return true;
    focusFirstInvalid();
    return false;
  };
  const toFault = (error: Error, from: Step) => {
    const first = problemWithoutAnswer(error).errors[0];
    const to = first ? stepOfPointer(first.pointer) : from;
    if (to !== from) go(to);
    focusFirstInvalid();
  };
  const onKey = () => {
    if (!tryTo("key", "consent")) return;
    const ask = { id, wish: wishWithoutConsent(draft), etag: null };
    check.mutate(ask, { onSuccess: () => go("consent"), onError: (error) => toFault(error, "key") });
  };
  const onConnect = () => {
    setTried("consent");
    if (!isAgreed({ version: draft.agreedTo, name: draft.agreedBy }, mustName)) return focusFirstInvalid();
    save.mutate(
      { id, wish: wishOf(draft, locale, mustName), etag: null },
      {
        onSuccess: () => {
          setDraft(emptyConnect(app.can_enter_keys));
          void navigate({ search: { id }, replace: true });
        },
        onError: (error) => {
          if (draft.key.kind === "secret" || canSendAgain(error)) return toFault(error, "consent");
          // What the app refuses is not sent again, and a key is not kept for nothing.
          setDraft((before) => ({ ...before, key: withoutKey(before.key) }));
          setForgotten(true);
          go("key");
        },
      },
    );
  };
  const errors = problem?.errors ?? [];
  const isTaken = problem?.status === 412;
  const isAtField =
    step === "key" && errors.length > 0 && errors.every((each) => stepOfPointer(each.pointer) === "key");
  return (
    <>
      <UnsavedGuard when={hasTyped(draft)} />
      <StepList at={step} />
      <div className={styles.messages}>
        {problem && !isTaken && !isAtField && (
          <ProblemView problem={problem} named={(pointer) => fieldOf(pointer, t)} />
        )}
        {(isTaken || (hasForgotten && step === "key")) && (
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>{isTaken ? t("taken", { id }) : t("keyGone")}</MessageBarBody>
          </MessageBar>
        )}
      </div>
      {step === "name" && (
        <NameStep
          draft={draft}
          change={change}
          id={id}
          others={others}
          wasTried={tried === "name"}
          onNext={() => tryTo("name", "key") && go("key")}
        />
      )}
      {step === "key" && (
        <KeyStep
          draft={draft}
          change={change}
          id={id}
          wasTried={tried === "key"}
          errors={errors}
          isBusy={check.isPending}
          onBack={() => go("name")}
          onNext={onKey}
        />
      )}
      {step === "consent" && (
        <ConsentStep
          draft={draft}
          change={change}
          wasTried={tried === "consent"}
          isBusy={save.isPending}
          onBack={() => go("key")}
          onNext={onConnect}
        />
      )}
    </>
  );
}

/** Keep *draft* over a reload, until one leaves for another screen. */
function useKeptUntilLeft(draft: ConnectDraft): void {
  const { history } = useRouter();
  useEffect(() => keepDraft(draft), [draft]);
  useEffect(
    () => () => void (history.location.pathname.endsWith("/connections/new") || forgetDraft()),
    [history],
  );
}

const NAMED = ["display_name", "shared_with", "api_key", "secret_name", "accepted_by", "consent"] as const;

function fieldOf(pointer: string, t: ReturnType<typeof useTranslations<"connect">>): string | undefined {
  const field = NAMED.find((each) => pointer.endsWith(`/${each}`));
  return field && t(`fields.${field}`);
}
