import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { PlayMultiple16Regular } from "@fluentui/react-icons";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { newIdempotencyKey } from "../../api/client";
import { type Export, useStartAllRuns } from "../../api/exports";
import type { components } from "../../api/schema.d";
import { useToast } from "../../app/Toasts";
import { Confirm } from "../../parts/actions/Confirm";
import { Sentence } from "../../parts/sentences/Sentence";
import { nameOf } from "../shown-exports";

type StartedRuns = components["schemas"]["StartedRuns"];

const useStyles = makeStyles({
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL, maxHeight: "16rem", overflowY: "auto" },
});

/** Starts a run of every enabled export, after a question, and tells which were left out and why. */
export function RunAll({ all }: { all: readonly Export[] }) {
  const t = useTranslations("exports.runAll");
  const toast = useToast();
  const start = useStartAllRuns();
  const key = useRef<string | null>(null);
  const [isAsked, setAsked] = useState(false);
  const [started, setStarted] = useState<StartedRuns | null>(null);
  const enabled = all.filter((each) => each.enabled).length;

  function confirm() {
    key.current ??= newIdempotencyKey();
    start.mutate(key.current, {
      onSuccess: (answer) => {
        setAsked(false);
        if (answer.skipped.length > 0) setStarted(answer);
        else toast(t("started", { count: answer.runs.length }), "success");
      },
    });
  }

  return (
    <>
      <Button
        icon={<PlayMultiple16Regular />}
        onClick={() => {
          key.current = null;
          start.reset();
          setAsked(true);
        }}
      >
        {t("action")}
      </Button>
      <Confirm
        isOpen={isAsked}
        title={t("title")}
        action={t("action")}
        isBusy={start.isPending}
        isDisabled={enabled === 0}
        problem={start.error}
        onConfirm={confirm}
        onCancel={() => setAsked(false)}
      >
        <span>{enabled === 0 ? t("none") : t("detail", { count: enabled })}</span>
        {enabled > 0 && <span>{t("skips")}</span>}
      </Confirm>
      {started && <LeftOut started={started} all={all} close={() => setStarted(null)} />}
    </>
  );
}

function LeftOut(props: { started: StartedRuns; all: readonly Export[]; close: () => void }) {
  const t = useTranslations("exports.runAll");
  const styles = useStyles();
  const names = new Map(props.all.map((each) => [each.id, nameOf(each)]));
  const { runs, skipped } = props.started;
  return (
    <Confirm
      isOpen
      title={t("started", { count: runs.length })}
      action={t("done")}
      cancel={null}
      onConfirm={props.close}
      onCancel={props.close}
    >
      <span>{t("skipped", { count: skipped.length })}</span>
      <ul className={styles.list}>
        {skipped.map((each) => (
          <li key={each.export_id}>
            <strong>{names.get(each.export_id) ?? each.export_id}</strong>: <Sentence sentence={each} />
          </li>
        ))}
      </ul>
    </Confirm>
  );
}
