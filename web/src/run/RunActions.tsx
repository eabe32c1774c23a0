import { Button } from "@fluentui/react-components";
import {
  ArrowClockwiseRegular,
  DismissRegular,
  FastForwardRegular,
  PlayRegular,
} from "@fluentui/react-icons";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { type Export, hasRun } from "../api/exports";
import { problemWithoutAnswer } from "../api/problem";
import { type Run, type RunId, useWakeRun } from "../api/runs";
import { useStartAtClick } from "../api/start-at-click";
import { useToast } from "../app/Toasts";
import { LinkButton } from "../parts/actions/LinkButton";
import { ReasonedButton } from "../parts/actions/ReasonedButton";
import { useSentence } from "../parts/sentences/sentences";
import { stopOf } from "./rules/run-facts";
import { StopDialog } from "./StopDialog";

/** What can be done with the run now: stop it, try it now, or run its export again, unless another run of it is at work. */
export function RunActions({ run, found, id }: { run: Run; found: Export | undefined; id: RunId }) {
  const t = useTranslations("run.actions");
  const [asked, setAsked] = useState<"cancel" | "hurry" | null>(null);
  const stop = stopOf(run);
  const otherRun = found && hasRun(found) && found.last_run?.id !== run.id ? found.last_run : null;
  return (
    <>
      {run.may.includes("wake") && <WakeButton id={id} />}
      {stop && (
        <Button
          icon={stop === "cancel" ? <DismissRegular /> : <FastForwardRegular />}
          onClick={() => setAsked(stop)}
        >
          {t(stop)}
        </Button>
      )}
      {run.ended_at !== null &&
        found &&
        (otherRun ? (
          <LinkButton to="/exports/$exportId/runs/$runId" params={{ exportId: found.id, runId: otherRun.id }}>
            {t("other")}
          </LinkButton>
        ) : (
          <AgainButton found={found} />
        ))}
      {asked && <StopDialog id={id} run={run} stop={asked} close={() => setAsked(null)} />}
    </>
  );
}

function WakeButton({ id }: { id: RunId }) {
  const t = useTranslations("run.actions");
  const say = useSentence();
  const toast = useToast();
  const wake = useWakeRun(id);
  return (
    <Button
      icon={<ArrowClockwiseRegular />}
      disabledFocusable={wake.isPending}
      onClick={() =>
        wake.mutate(undefined, {
          onSuccess: () => toast(t("woken"), "success"),
          onError: (error) => toast(t("notWoken"), "error", say(problemWithoutAnswer(error).sentence)),
        })
      }
    >
      {t("wake")}
    </Button>
  );
}

function AgainButton({ found }: { found: Export }) {
  const t = useTranslations("run.actions");
  const say = useSentence();
  const toast = useToast();
  const navigate = useNavigate();
  const start = useStartAtClick();
  const blocked = found.blocked?.["run"];
  const again = () =>
    start.click(found.id, {
      started: ({ id: runId }) => {
        toast(t("started"), "success");
        void navigate({ to: "/exports/$exportId/runs/$runId", params: { exportId: found.id, runId } });
      },
      failed: (problem) => toast(t("notStarted"), "error", say(problem.sentence)),
    });
  return (
    <ReasonedButton
      appearance="primary"
      icon={<PlayRegular />}
      onClick={again}
      disabledFocusable={start.isPending}
      reason={blocked ? say(blocked) : undefined}
    >
      {t("again")}
    </ReasonedButton>
  );
}
