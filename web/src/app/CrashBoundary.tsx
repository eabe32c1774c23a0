import { Button } from "@fluentui/react-components";
import { Component, type ReactNode } from "react";
import { useTranslations } from "use-intl";
import { EmptyState } from "../parts/EmptyState";
import { Centered } from "./Centered";

/** Shows that the page failed, where a component threw. */
export class CrashBoundary extends Component<{ children: ReactNode }, { hasCrashed: boolean }> {
  override state = { hasCrashed: false };

  static getDerivedStateFromError() {
    return { hasCrashed: true };
  }

  override render() {
    return this.state.hasCrashed ? <Crash /> : this.props.children;
  }
}

export function Crash() {
  const t = useTranslations("shell.crash");
  return (
    <Centered>
      <EmptyState
        title={t("title")}
        action={<Button onClick={() => location.reload()}>{t("reload")}</Button>}
      >
        {t("detail")}
      </EmptyState>
    </Centered>
  );
}
