import { makeStyles, tokens } from "@fluentui/react-components";
import { useFormatter, useTranslations } from "use-intl";
import { useSentence } from "../../parts/sentences/sentences";
import { at, distinct } from "../draft/findings";
import { invalid, Warnings } from "../frame/Findings";
import type { SectionProps } from "../frame/section-props";
import { NumberField } from "./NumberField";
import { percentOf, shareFrom, wholeFrom } from "./number-text";

const useStyles = makeStyles({
  root: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 17rem), 1fr))",
    columnGap: tokens.spacingHorizontalXXL,
    rowGap: tokens.spacingVerticalL,
    alignItems: "start",
  },
});

/** The limits of the export, each as the end of a sentence. */
export function LimitsSection({ draft, change, errors, warnings, previewed, isDisabled }: SectionProps) {
  const t = useTranslations("editExport.limits");
  const format = useFormatter();
  const styles = useStyles();
  const say = useSentence();
  const { limits } = draft;
  const set = (part: Partial<typeof limits>) => change({ limits: { ...limits, ...part } });
  const inWords = (rows: number | null | undefined, otherwise: string) =>
    rows && rows >= 1000 ? t("rows", { rows: format.number(rows), count: rows }) : rows ? "" : otherwise;
  return (
    <>
      <div className={styles.root}>
        <NumberField
          label={t("maxRejected")}
          hint={t("maxRejectedHint")}
          unit="%"
          start={String(percentOf(limits.max_rejected_share ?? 0.5))}
          isDisabled={isDisabled}
          field={invalid(at(errors, "/limits/max_rejected_share"), say)}
          onText={(text) => set({ max_rejected_share: shareFrom(text) ?? 0.5 })}
        />
        <NumberField
          label={t("minRows")}
          hint={inWords(limits.min_rows, t("minRowsHint"))}
          unit={t("unit")}
          start={limits.min_rows ? String(limits.min_rows) : ""}
          isDisabled={isDisabled}
          field={invalid(at(errors, "/limits/min_rows"), say)}
          onText={(text) => set({ min_rows: wholeFrom(text) ?? 0 })}
        />
        <NumberField
          label={t("maxRows")}
          hint={inWords(limits.max_rows, t("maxRowsHint"))}
          unit={t("unit")}
          start={limits.max_rows ? String(limits.max_rows) : ""}
          isDisabled={isDisabled}
          field={invalid(at(errors, "/limits/max_rows"), say)}
          onText={(text) => set({ max_rows: wholeFrom(text) })}
        />
      </div>
      <Warnings of={distinct(at([...warnings, ...previewed], "/limits"))} />
    </>
  );
}
