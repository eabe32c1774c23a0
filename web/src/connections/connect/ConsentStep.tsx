import { makeStyles, tokens } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import { AgreeFields } from "../consent/AgreeFields";
import { Facts } from "../Facts";
import type { ConnectDraft } from "./connect-draft";
import { StepFrame } from "./StepFrame";

const useStyles = makeStyles({
  summary: {
    padding: tokens.spacingHorizontalL,
    backgroundColor: tokens.colorNeutralBackground2,
    borderRadius: tokens.borderRadiusMedium,
  },
});

/** The third step: what is connected, the text of the consent, "I agree", "Connect". */
export function ConsentStep(props: {
  draft: ConnectDraft;
  change: (changes: Partial<ConnectDraft>) => void;
  wasTried: boolean;
  isBusy: boolean;
  onBack: () => void;
  onNext: () => void;
}) {
  const t = useTranslations("connect");
  const styles = useStyles();
  const { draft, change } = props;
  const { key } = draft;
  return (
    <StepFrame
      title={t("consent.title")}
      next={t("connect")}
      busy={props.isBusy ? t("connecting") : null}
      onBack={props.onBack}
      onNext={props.onNext}
    >
      <div className={styles.summary}>
        <Facts
          label={t("consent.summary")}
          facts={[
            { name: t("name.label"), value: draft.name },
            { name: t("share.label"), value: t(`share.${draft.sharedWith}`) },
            {
              name: t("key.label"),
              value:
                key.kind === "typed"
                  ? t("consent.summaryKey")
                  : t("consent.summarySecret", { name: key.secret }),
            },
          ]}
        />
      </div>
      <AgreeFields
        agreement={{ version: draft.agreedTo, name: draft.agreedBy }}
        change={({ version, name }) => change({ agreedTo: version, agreedBy: name })}
        wasTried={props.wasTried}
      />
    </StepFrame>
  );
}
