import { Radio, RadioGroup, Text } from "@fluentui/react-components";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { type Fate, useRemoveConnection } from "../../api/connections";
import { type Export, hasRun } from "../../api/exports";
import { useToast } from "../../app/Toasts";
import { Confirm } from "../../parts/actions/Confirm";
import { ExportNames } from "../ExportNames";
import { RadioLabel } from "../RadioLabel";
import { ChangeProblem } from "./ChangeProblem";
import { isConflict } from "./use-change";

/** Asks before a connection is removed, and what becomes of its exports; *exports* is null where they are not known. */
export function RemovalDialog(props: {
  id: string;
  name: string;
  /** Null where the connection is gone, and only its exports are left. */
  etag: string | null;
  exports: readonly Export[] | null;
  close: () => void;
}) {
  const t = useTranslations("connections.one.removal");
  const toast = useToast();
  const navigate = useNavigate();
  const remove = useRemoveConnection();
  const [fate, setFate] = useState<Fate>("detach");
  const { id, name, close } = props;
  const exports = props.exports ?? [];
  const count = exports.length;
  const confirm = () =>
    remove.mutate(
      { id, etag: props.etag, fate: count > 0 ? fate : null },
      {
        onSuccess: ({ kept_secret: secret }) => {
          close();
          toast(t("done", { name }), "success", secret ? t("kept", { secret }) : undefined);
          void navigate({ to: "/connections", ignoreBlocker: true });
        },
      },
    );
  return (
    <Confirm
      isOpen
      title={t("title", { name })}
      action={t("action")}
      isBusy={remove.isPending}
      problem={isConflict(remove.error) ? null : remove.error}
      onCancel={close}
      onConfirm={confirm}
    >
      {isConflict(remove.error) && <ChangeProblem error={remove.error} />}
      {count === 0 ? (
        props.exports && <Text>{t("unused")}</Text>
      ) : (
        <>
          <div>
            <Text>{t("used", { count })}</Text>
            <ExportNames of={exports} />
          </div>
          <RadioGroup
            aria-label={t("fate")}
            value={fate}
            onChange={(_, { value }) => setFate(value === "remove" ? "remove" : "detach")}
          >
            <Radio
              value="detach"
              label={<RadioLabel label={t("detach", { count })} hint={t("detachHint")} />}
            />
            <Radio
              value="remove"
              label={<RadioLabel label={t("remove", { count })} hint={t("removeHint")} />}
            />
          </RadioGroup>
          {exports.some(hasRun) && <Text weight="semibold">{t("stops")}</Text>}
        </>
      )}
      <Text>
        {t("secret")} {t("final")}
      </Text>
    </Confirm>
  );
}
