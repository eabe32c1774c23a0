import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
} from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import type { ReadExport } from "../../api/edited-export";
import { Problem } from "../../api/problem";
import { ProblemView } from "../../parts/ProblemView";
import type { DraftCheck } from "../draft/use-check";
import { Saved } from "./Saved";

/** What one has to see wherever one is in the form: who else changed it, what failed, what was saved. */
export function BarMessages(props: {
  check: DraftCheck;
  failure: Error | null;
  isNew: boolean;
  saved: ReadExport | null;
  onCompare: () => void;
}) {
  const t = useTranslations("editExport");
  const { check } = props;
  return (
    <>
      {!props.isNew && check.isConflict && (
        <MessageBar intent="warning">
          <MessageBarBody>
            <MessageBarTitle>{t("conflict.title")}</MessageBarTitle>
            {t("conflict.banner")}
          </MessageBarBody>
          <MessageBarActions>
            <Button onClick={props.onCompare}>{t("conflict.compare")}</Button>
          </MessageBarActions>
        </MessageBar>
      )}
      {props.failure && !isShownElsewhere(props.failure) && <ProblemView problem={props.failure} />}
      {!props.failure && check.problem && <ProblemView problem={check.problem} />}
      {props.saved && <Saved read={props.saved} />}
    </>
  );
}

/** Tell whether *failure* is shown at the fields, or by the question what to do about somebody else's change. */
function isShownElsewhere(failure: Error): boolean {
  return failure instanceof Problem && (failure.status === 412 || failure.errors.length > 0);
}
