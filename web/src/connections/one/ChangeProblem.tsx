import { MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import { ProblemView } from "../../parts/ProblemView";
import { isConflict } from "./use-change";

/** Why a change was not saved; somebody else's change is told, and the page shows it by then. */
export function ChangeProblem({ error }: { error: Error | null }) {
  const t = useTranslations("connections.one.conflict");
  if (!error) return null;
  if (!isConflict(error)) return <ProblemView problem={error} />;
  return (
    <MessageBar intent="warning" layout="multiline" role="alert">
      <MessageBarBody>
        <MessageBarTitle>{t("title")}</MessageBarTitle>
        {t("other")}
      </MessageBarBody>
    </MessageBar>
  );
}
