import { makeStyles, tokens } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import type { Connection } from "../../api/connections";
import { NameField } from "../NameField";
import { ShareField } from "../ShareField";
import type { ConnectDraft } from "./connect-draft";
import { StepFrame } from "./StepFrame";

const useStyles = makeStyles({
  fields: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXL,
    maxWidth: "32rem",
  },
});

/** The first step: what the connection is called, and who may use it. */
export function NameStep(props: {
  draft: ConnectDraft;
  change: (changes: Partial<ConnectDraft>) => void;
  id: string;
  others: readonly Connection[];
  wasTried: boolean;
  onNext: () => void;
}) {
  const t = useTranslations("connect");
  const styles = useStyles();
  const { draft, change } = props;
  return (
    <StepFrame title={t("name.title")} takesFocus={false} next={t("next")} busy={null} onNext={props.onNext}>
      <div className={styles.fields}>
        <NameField
          name={draft.name}
          change={(name) => change({ name })}
          wasTried={props.wasTried}
          isTwice={props.others.some((each) => each.display_name === draft.name)}
          hint={t("name.idHint", { id: props.id })}
          autoFocus
        />
        <ShareField value={draft.sharedWith} change={(sharedWith) => change({ sharedWith })} />
      </div>
    </StepFrame>
  );
}
