import { Button, makeStyles, Spinner, Text, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { TextLink } from "../../parts/actions/TextLink";
import type { DraftCheck } from "../draft/use-check";

const useStyles = makeStyles({
  root: {
    position: "sticky",
    insetBlockEnd: 0,
    zIndex: 1,
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalM,
    paddingBlock: tokens.spacingVerticalM,
    paddingInline: tokens.spacingHorizontalXXL,
    backgroundColor: tokens.colorNeutralBackground1,
    borderRadius: tokens.borderRadiusLarge,
    boxShadow: tokens.shadow8,
    "@media (max-width: 40rem)": { paddingInline: tokens.spacingHorizontalL },
  },
  row: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalM },
  // The navigation on top leads there as well.
  back: { "@media (max-width: 40rem)": { display: "none" } },
  state: { color: tokens.colorNeutralForeground3, marginInlineStart: "auto" },
});

/** Save, and in which state the form is. */
export function SaveBar(props: {
  isNew: boolean;
  hasChanges: boolean;
  isSaving: boolean;
  check: DraftCheck;
  toMend: number;
  onSave: () => void;
  /** Messages above the button. */
  children: ReactNode;
}) {
  const t = useTranslations("editExport");
  const styles = useStyles();
  return (
    <div className={styles.root}>
      {props.children}
      <div className={styles.row}>
        <Button
          appearance="primary"
          size="large"
          disabledFocusable={props.isSaving || (!props.hasChanges && !props.isNew)}
          {...(props.isSaving ? { icon: <Spinner size="tiny" aria-hidden /> } : {})}
          onClick={props.onSave}
        >
          {t("save")}
        </Button>
        <TextLink to="/" className={styles.back}>
          {t("toExports")}
        </TextLink>
        <Text className={styles.state} role="status">
          {stateOf(props, t)}
        </Text>
      </div>
    </div>
  );
}

function stateOf(
  props: { isNew: boolean; hasChanges: boolean; isSaving: boolean; check: DraftCheck; toMend: number },
  t: ReturnType<typeof useTranslations<"editExport">>,
): string {
  if (props.isSaving) return t("state.saving");
  if (props.toMend > 0) return t("state.toMend", { count: props.toMend });
  if (!props.hasChanges) return props.isNew ? "" : t("state.saved");
  return t("state.notSaved");
}
