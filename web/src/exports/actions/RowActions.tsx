import { PlayRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { type Export, hasRun, isReadable, useEnableExport } from "../../api/exports";
import { problemWithoutAnswer } from "../../api/problem";
import { useStartAtClick } from "../../api/start-at-click";
import { useToast } from "../../app/Toasts";
import { LinkButton } from "../../parts/actions/LinkButton";
import { ReasonedButton } from "../../parts/actions/ReasonedButton";
import { TextLink } from "../../parts/actions/TextLink";
import { useSentence } from "../../parts/sentences/sentences";
import { useTableStyles } from "../../parts/table/table-styles";
import { nameOf } from "../shown-exports";
import { DisableDialog } from "./DisableDialog";
import { DuplicateDialog } from "./DuplicateDialog";
import { ExportMenu } from "./ExportMenu";
import { RemoveDialog } from "./RemoveDialog";

type Asked = "disable" | "duplicate" | "remove" | null;

/** What can be done with an export: run it now, or look at its run, and a menu with the rest. */
export function RowActions({ found, taken }: { found: Export; taken: readonly string[] }) {
  const styles = useTableStyles();
  const [asked, setAsked] = useState<Asked>(null);
  const enable = useEnable();
  const close = () => setAsked(null);
  const readable = isReadable(found) ? found : null;
  return (
    <span className={styles.actions}>
      {readable && <RunButton found={readable} />}
      <ExportMenu
        found={found}
        onDuplicate={() => setAsked("duplicate")}
        onRemove={() => setAsked("remove")}
        onEnable={() => readable && (readable.enabled ? setAsked("disable") : enable(readable))}
      />
      {asked === "disable" && readable && <DisableDialog found={readable} close={close} />}
      {asked === "duplicate" && readable && <DuplicateDialog found={readable} taken={taken} close={close} />}
      {asked === "remove" && <RemoveDialog found={found} close={close} />}
    </span>
  );
}

function RunButton({ found }: { found: Export }) {
  const t = useTranslations("exports.run");
  const say = useSentence();
  const toast = useToast();
  const start = useStartAtClick();
  const name = nameOf(found);
  if (hasRun(found) && found.last_run) {
    return (
      <LinkButton
        to="/exports/$exportId/runs/$runId"
        params={{ exportId: found.id, runId: found.last_run.id }}
        aria-label={t("lookOf", { name })}
      >
        {t("look")}
      </LinkButton>
    );
  }
  const blocked = found.blocked?.["run"];
  const run = () =>
    start.click(found.id, {
      started: ({ id: runId }) => {
        const look = (
          <TextLink to="/exports/$exportId/runs/$runId" params={{ exportId: found.id, runId }}>
            {t("look")}
          </TextLink>
        );
        toast(t("started", { name }), "success", look);
      },
      failed: (problem) => toast(t("failed", { name }), "error", say(problem.sentence)),
    });
  return (
    <ReasonedButton
      icon={<PlayRegular />}
      aria-label={t("nowOf", { name })}
      onClick={run}
      disabledFocusable={start.isPending}
      reason={blocked ? say(blocked) : undefined}
    >
      {t("now")}
    </ReasonedButton>
  );
}

function useEnable() {
  const t = useTranslations("exports");
  const say = useSentence();
  const toast = useToast();
  const enable = useEnableExport();
  return (found: Export) => {
    if (!isReadable(found)) return;
    const name = nameOf(found);
    enable.mutate(
      { found, enabled: true },
      {
        onSuccess: () => toast(t("enabled", { name }), "success"),
        onError: (error) =>
          toast(t("notChanged", { name }), "error", say(problemWithoutAnswer(error).sentence)),
      },
    );
  };
}
