import { Button, Text } from "@fluentui/react-components";
import { useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import type { WholeConnection } from "../../api/connections";
import { Panel } from "../../parts/Panel";
import { KeyForm } from "../key/KeyForm";

/** Where the key lies, and a form for another one. */
export function KeySection(props: {
  whole: WholeConnection;
  etag: string;
  isOpen: boolean;
  open: (isOpen: boolean) => void;
  onChanged: () => void;
}) {
  const t = useTranslations("connections.one.key");
  const { whole, isOpen, open } = props;
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isOpen) root.current?.querySelector<HTMLElement>("input:not([type=radio])")?.focus();
  }, [isOpen]);
  const change = whole.may.includes("change") && !isOpen && (
    <Button onClick={() => open(true)}>{t("change")}</Button>
  );
  return (
    <Panel title={t("title")} action={change}>
      <div ref={root}>
        {isOpen ? (
          <KeyForm
            whole={whole}
            etag={props.etag}
            onCancel={() => open(false)}
            onDone={() => {
              open(false);
              props.onChanged();
            }}
          />
        ) : (
          <Text>{t("secret", { name: whole.secret_name })}</Text>
        )}
      </div>
    </Panel>
  );
}
