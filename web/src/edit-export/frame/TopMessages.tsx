import { MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import type { FieldError } from "../../api/problem";
import { Sentence } from "../../parts/sentences/Sentence";
import { elsewhere } from "../draft/findings";
import type { DraftCheck } from "../draft/use-check";
import { Warnings } from "./Findings";

/** What concerns the whole form: why it cannot be changed, and what is wrong with fields that the form does not show. */
export function TopMessages(props: {
  whyNot: string | null;
  check: DraftCheck;
  errors: readonly FieldError[];
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
      {elsewhere(props.errors).map((each) => (
        <MessageBar key={`${each.pointer} ${each.code}`} intent="error" layout="multiline">
          <MessageBarBody>
            <strong>{each.pointer}</strong>: <Sentence sentence={each} />
          </MessageBarBody>
        </MessageBar>
      ))}
      <Warnings of={elsewhere(check.warnings)} />
    </>
  );
}
