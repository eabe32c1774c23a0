import { Field, Input } from "@fluentui/react-components";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { type ReadableExport, useDuplicateExport } from "../../api/exports";
import { useToast } from "../../app/Toasts";
import { Confirm } from "../../parts/actions/Confirm";
import { TextLink } from "../../parts/actions/TextLink";
import { idFrom } from "../../parts/ids";
import { nameOf } from "../shown-exports";

const LONGEST = 200;

/** Asks for the name of a copy, and makes it; *taken* are the ids of all exports. */
export function DuplicateDialog(props: {
  found: ReadableExport;
  taken: readonly string[];
  close: () => void;
}) {
  const t = useTranslations("exports.duplicate");
  const menu = useTranslations("exports.menu");
  const toast = useToast();
  const duplicate = useDuplicateExport();
  const { found, close } = props;
  const [name, setName] = useState(t("suggested", { name: nameOf(found) }).slice(0, LONGEST));
  const [isMissing, setMissing] = useState(false);

  function confirm() {
    const given = name.trim();
    if (!given) {
      setMissing(true);
      return;
    }
    duplicate.mutate(
      { of: found.id, id: idFrom(given, props.taken, "export"), name: given },
      {
        onSuccess: (made) => {
          const edit = (
            <TextLink to="/exports/$exportId" params={{ exportId: made.id }}>
              {menu("edit")}
            </TextLink>
          );
          toast(t("done", { name: given }), "success", edit);
          close();
        },
      },
    );
  }

  return (
    <Confirm
      isOpen
      title={t("title", { name: nameOf(found) })}
      action={t("action")}
      isBusy={duplicate.isPending}
      problem={duplicate.error}
      onCancel={close}
      onConfirm={confirm}
    >
      <span>{t("detail")}</span>
      <Field label={t("name")} required {...(isMissing ? { validationMessage: t("missing") } : {})}>
        <Input
          value={name}
          maxLength={LONGEST}
          autoFocus
          onChange={(_, { value }) => {
            setName(value);
            setMissing(false);
          }}
        />
      </Field>
    </Confirm>
  );
}
