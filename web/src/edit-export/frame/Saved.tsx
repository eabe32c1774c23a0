import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
} from "@fluentui/react-components";
import { PlayRegular } from "@fluentui/react-icons";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { newIdempotencyKey } from "../../api/client";
import type { ReadExport } from "../../api/edited-export";
import { useStartRun } from "../../api/exports";
import { Problem } from "../../api/problem";
import { Sentence } from "../../parts/sentences/Sentence";
import { useNextRunText } from "../schedule/next-run-text";

/** Says after a save what comes next: nothing was sent, when the next run is, and a button to run it now. */
export function Saved({ read: { shown } }: { read: ReadExport }) {
  const t = useTranslations("editExport.justSaved");
  const navigate = useNavigate();
  const run = useStartRun();
  const [key] = useState(newIdempotencyKey);
  const blocked = shown.blocked?.["run"];
  const when = useNextRunText(shown);
  const next = when ? t("next", { time: when }) : t(shown.enabled === false ? "disabled" : "onDemand");
  const onRun = () => run.mutate({ id: shown.id, key }, { onSuccess: (started) => void goTo(started.id) });
  const goTo = (runId: string) =>
    navigate({ to: "/exports/$exportId/runs/$runId", params: { exportId: shown.id, runId } });
  return (
    <MessageBar intent="success" role="status">
      <MessageBarBody>
        <MessageBarTitle>{t("title")}</MessageBarTitle>
        {t("nothingSent")} {next} {blocked && <Sentence sentence={blocked} />}
        {run.error instanceof Problem && <Sentence sentence={run.error.sentence} />}
      </MessageBarBody>
      {shown.may.includes("run") && (
        <MessageBarActions>
          <Button
            appearance="primary"
            icon={<PlayRegular />}
            disabledFocusable={run.isPending}
            onClick={onRun}
          >
            {t("runNow")}
          </Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}
