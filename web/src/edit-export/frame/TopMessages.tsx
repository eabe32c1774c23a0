import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
} from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import type { ReadExport } from "../../api/edited-export";
import { type FieldError, Problem } from "../../api/problem";
import { ProblemView } from "../../parts/ProblemView";
import { Sentence } from "../../parts/Sentence";
import { elsewhere } from "../draft/findings";
import type { DraftCheck } from "../draft/use-check";
import { Warnings } from "./Findings";
import { Saved } from "./Saved";

/** What concerns the whole form: why it cannot be changed, what failed, what was saved, who else changed it. */
export function TopMessages(props: {
  whyNot: string | null;
  check: DraftCheck;
  errors: readonly FieldError[];
  failure: Error | null;
  isNew: boolean;
  saved: ReadExport | null;
  onCompare: () => void;
}) {
  const t = useTranslations("editExport");
  const { check } = props;
  return (
    <>
      {props.whyNot !== null && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t("readOnly.title")}</MessageBarTitle>
            {props.whyNot}
          </MessageBarBody>
        </MessageBar>
      )}
      {!props.isNew && check.isConflict && (
        <MessageBar intent="warning" layout="multiline">
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
      {elsewhere(props.errors).map((each) => (
        <MessageBar key={`${each.pointer} ${each.code}`} intent="error" layout="multiline">
          <MessageBarBody>
            <strong>{each.pointer}</strong>: <Sentence sentence={each} />
          </MessageBarBody>
        </MessageBar>
      ))}
      <Warnings of={elsewhere(check.warnings)} />
      {props.saved && <Saved read={props.saved} />}
    </>
  );
}

/** Tell whether *failure* is shown at the fields, or by the question what to do about somebody else's change. */
function isShownElsewhere(failure: Error): boolean {
  return failure instanceof Problem && (failure.status === 412 || failure.errors.length > 0);
}
