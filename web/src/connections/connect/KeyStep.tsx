import { makeStyles, Text, tokens, typographyStyles } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import type { FieldError } from "../../api/problem";
import { KeyFields } from "../key/KeyFields";
import { KlaviyoLink } from "../key/KlaviyoLink";
import { NeededScopes } from "../key/NeededScopes";
import type { ConnectDraft } from "./connect-draft";
import { StepFrame } from "./StepFrame";

const useStyles = makeStyles({
  need: {
    display: "flex",
    flexDirection: "column",
    alignItems: "flex-start",
    rowGap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalL,
    backgroundColor: tokens.colorNeutralBackground2,
    borderRadius: tokens.borderRadiusMedium,
  },
  title: { ...typographyStyles.subtitle2, margin: 0 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** The second step: the key, typed in or in a secret, with what it needs. */
export function KeyStep(props: {
  draft: ConnectDraft;
  change: (changes: Partial<ConnectDraft>) => void;
  id: string;
  wasTried: boolean;
  errors: readonly FieldError[];
  isBusy: boolean;
  onBack: () => void;
  onNext: () => void;
}) {
  const t = useTranslations("connect");
  const styles = useStyles();
  const { draft, change } = props;
  return (
    <StepFrame
      title={t("key.title")}
      next={t("next")}
      busy={props.isBusy ? t("checking") : null}
      onBack={props.onBack}
      onNext={props.onNext}
    >
      <div className={styles.need}>
        <h3 className={styles.title}>{t("key.needTitle")}</h3>
        <Text>{t("key.needIntro")}</Text>
        <NeededScopes />
        <KlaviyoLink />
      </div>
      <KeyFields
        choice={draft.key}
        change={(key) => change({ key })}
        id={props.id}
        wasTried={props.wasTried}
        errors={props.errors}
      />
      {draft.key.kind === "typed" && (
        <Text size={200} className={styles.quiet}>
          {t("keyPlace")}
        </Text>
      )}
    </StepFrame>
  );
}
