import { Button, Field, Input } from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { existingList, useMakeList } from "../../api/lists";
import { useToast } from "../../app/Toasts";
import { Confirm } from "../../parts/actions/Confirm";

/** Makes a list in the account of the connection, and chooses it; one that has the name already is offered instead. */
export function NewList(props: {
  connectionId: string;
  suggested: string;
  choose: (listId: string) => void;
}) {
  const t = useTranslations("editExport.list");
  const [isOpen, setOpen] = useState(false);
  return (
    <div>
      <Button appearance="subtle" icon={<AddRegular />} onClick={() => setOpen(true)}>
        {t("new")}
      </Button>
      {isOpen && <NewListDialog {...props} close={() => setOpen(false)} />}
    </div>
  );
}

function NewListDialog(props: {
  connectionId: string;
  suggested: string;
  choose: (listId: string) => void;
  close: () => void;
}) {
  const t = useTranslations("editExport.list");
  const toast = useToast();
  const make = useMakeList(props.connectionId);
  const [name, setName] = useState(props.suggested);
  const [isMissing, setMissing] = useState(false);
  const there = existingList(make.error);
  const use = (listId: string, done: string) => {
    props.choose(listId);
    toast(done, "success");
    props.close();
  };
  const confirm = () => {
    if (there !== null) return use(there, t("chosen", { name }));
    if (name.trim() === "") return setMissing(true);
    make.mutate(name.trim(), { onSuccess: (made) => use(made.id, t("made", { name: made.name })) });
  };
  return (
    <Confirm
      isOpen
      title={t("newTitle")}
      action={t(there === null ? "make" : "useIt")}
      isBusy={make.isPending}
      problem={make.error}
      onCancel={props.close}
      onConfirm={confirm}
    >
      <Field
        label={t("newName")}
        required
        hint={t("newHint")}
        {...(isMissing && name.trim() === "" ? { validationMessage: t("newMissing") } : {})}
      >
        <Input
          value={name}
          maxLength={200}
          autoComplete="off"
          onChange={(_, { value }) => {
            setName(value);
            make.reset();
          }}
        />
      </Field>
    </Confirm>
  );
}
