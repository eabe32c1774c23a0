import { makeStyles, mergeClasses, shorthands, tokens } from "@fluentui/react-components";
import { CheckmarkRegular } from "@fluentui/react-icons";
import { useTranslations } from "use-intl";
import { UNSEEN } from "../../parts/table/unseen";
import { STEPS, type Step } from "./connect-search";

const NARROW = "@media (max-width: 48rem)";

const useStyles = makeStyles({
  root: {
    display: "flex",
    flexWrap: "wrap",
    columnGap: tokens.spacingHorizontalXL,
    rowGap: tokens.spacingVerticalS,
    listStyleType: "none",
    margin: 0,
    marginBlockEnd: tokens.spacingVerticalL,
    padding: 0,
  },
  item: {
    display: "flex",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalS,
    color: tokens.colorNeutralForeground3,
    [NARROW]: { columnGap: 0 },
  },
  here: { color: tokens.colorNeutralForeground1, fontWeight: tokens.fontWeightSemibold },
  number: {
    boxSizing: "border-box",
    display: "inline-flex",
    alignItems: "center",
    justifyContent: "center",
    flexShrink: 0,
    width: "24px",
    height: "24px",
    borderRadius: tokens.borderRadiusCircular,
    ...shorthands.border(tokens.strokeWidthThin, "solid", tokens.colorNeutralStrokeAccessible),
    fontSize: tokens.fontSizeBase200,
  },
  numberHere: {
    backgroundColor: tokens.colorBrandBackground,
    ...shorthands.borderColor(tokens.colorBrandBackground),
    color: tokens.colorNeutralForegroundOnBrand,
  },
  numberDone: {
    ...shorthands.borderColor(tokens.colorBrandStroke1),
    color: tokens.colorBrandForeground1,
    fontSize: tokens.fontSizeBase300,
  },
  // On a narrow window the names are only heard: the heading below says where one is.
  words: {
    [NARROW]: UNSEEN,
  },
});

/** The steps of the wizard: which are done, and at which one is; *isDone* where the last one is done as well. */
export function StepList({ at, isDone: isAllDone = false }: { at: Step; isDone?: boolean }) {
  const t = useTranslations("connect");
  const styles = useStyles();
  const here = STEPS.indexOf(at);
  return (
    <ol className={styles.root} aria-label={t("stepsLabel")}>
      {STEPS.map((step, index) => {
        const isHere = index === here && !isAllDone;
        const isDone = index < here || isAllDone;
        return (
          <li
            key={step}
            className={mergeClasses(styles.item, isHere && styles.here)}
            {...(isHere ? { "aria-current": "step" as const } : {})}
          >
            <span
              className={mergeClasses(
                styles.number,
                isHere && styles.numberHere,
                isDone && styles.numberDone,
              )}
              aria-hidden
            >
              {isDone ? <CheckmarkRegular /> : index + 1}
            </span>
            <span className={styles.words}>
              {t(`steps.${step}`)}
              {isDone && <span hidden>{t("done")}</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
