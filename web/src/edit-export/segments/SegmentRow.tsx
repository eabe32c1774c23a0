import { Checkbox, makeStyles, Text, tokens } from "@fluentui/react-components";
import { ErrorCircleFilled, WarningFilled } from "@fluentui/react-icons";
import { useFormatter, useTranslations } from "use-intl";
import type { SegmentFolder } from "../../api/segments";
import { Sentence } from "../../parts/sentences/Sentence";
import { When } from "../../parts/When";
import { SegmentColumns } from "./SegmentColumns";
import { type SegmentChoice, sizeOf } from "./segment-choices";

const useStyles = makeStyles({
  row: {
    overflow: "hidden", // the label is two pixels higher than its row
    borderBlockEndWidth: tokens.strokeWidthThin,
    borderBlockEndStyle: "solid",
    borderBlockEndColor: tokens.colorNeutralStroke3,
    ":last-child": { borderBlockEndStyle: "none" },
    ":hover": { backgroundColor: tokens.colorSubtleBackgroundHover },
  },
  box: { width: "100%" },
  label: { display: "flex", flexDirection: "column", minWidth: 0, overflowWrap: "anywhere" },
  facts: { color: tokens.colorNeutralForeground3 },
  problem: {
    display: "flex",
    columnGap: tokens.spacingHorizontalXS,
    alignItems: "flex-start",
    color: tokens.colorStatusDangerForeground1,
  },
  warning: {
    display: "flex",
    columnGap: tokens.spacingHorizontalXS,
    alignItems: "flex-start",
    color: tokens.colorStatusWarningForeground3,
  },
  sign: { flexShrink: 0, marginBlockStart: "1px" },
});

/** One folder with a check box. */
export function SegmentRow(props: { choice: SegmentChoice; isChosen: boolean; onToggle: () => void }) {
  const t = useTranslations("editExport.segments");
  const styles = useStyles();
  const { name, folder } = props.choice;
  return (
    <li className={styles.row}>
      <Checkbox
        className={styles.box}
        checked={props.isChosen}
        onChange={props.onToggle}
        label={
          <span className={styles.label}>
            <Text weight="semibold">{name}</Text>
            {folder && <Facts folder={folder} />}
            {props.isChosen && folder && !folder.problem && <SegmentColumns name={name} />}
            {folder?.warnings.map((each) => (
              <Text key={each.code} size={200} className={styles.warning}>
                <WarningFilled className={styles.sign} aria-hidden />
                <Sentence sentence={each} />
              </Text>
            ))}
            {(folder === null || folder.problem) && (
              <Text size={200} className={styles.problem}>
                <ErrorCircleFilled className={styles.sign} aria-hidden />
                {folder?.problem ? <Sentence sentence={folder.problem} /> : t("missing")}
              </Text>
            )}
          </span>
        }
      />
    </li>
  );
}

function Facts({ folder }: { folder: SegmentFolder }) {
  const t = useTranslations("editExport.segments");
  const format = useFormatter();
  const styles = useStyles();
  const { value, unit } = sizeOf(folder.bytes);
  const size = format.number(value, {
    style: "unit",
    unit,
    unitDisplay: unit === "byte" ? "long" : "short",
    maximumFractionDigits: 1,
  });
  const kinds = folder.formats.map((each) => each.replace(/^\./, "").toUpperCase()).join(", ");
  return (
    <Text size={200} className={styles.facts}>
      {folder.layout === "dated" && `${t("dated", { state: folder.state ?? "" })} · `}
      {folder.layout === "flat" && `${t("flat")} · `}
      {folder.last_modified !== null && folder.files > 0 && (
        <>
          {t("written")} <When at={folder.last_modified} isShort isPast /> ·{" "}
        </>
      )}
      {t("files", { count: folder.files })} · {size}
      {kinds && ` · ${kinds}`}
    </Text>
  );
}
