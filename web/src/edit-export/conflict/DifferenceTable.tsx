import {
  makeStyles,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
} from "@fluentui/react-components";
import { useFormatter, useTranslations } from "use-intl";
import type { Schedule } from "../draft/draft";
import { useFieldName as useMappedName } from "../mapping/field-name";
import { useScheduleText } from "../schedule/schedule-text";
import { type Difference, valueText } from "./differences";

const useStyles = makeStyles({
  cell: { height: "auto", verticalAlign: "top" },
  text: { paddingBlock: tokens.spacingVerticalS, overflowWrap: "anywhere" },
});

/** What differs, field by field: the others' value and one's own. */
export function DifferenceTable({ differences }: { differences: readonly Difference[] }) {
  const t = useTranslations("editExport.conflict");
  const styles = useStyles();
  const format = useFormatter();
  const nameOf = useFieldName();
  const scheduleText = useScheduleText();
  const show = (value: unknown, pointer: string) => {
    if (pointer === "/schedule") return scheduleText(value as Schedule);
    if (typeof value === "boolean") return t(value ? "yes" : "no");
    if (typeof value === "number")
      return format.number(
        value,
        pointer.endsWith("_share") ? { style: "percent", maximumFractionDigits: 2 } : {},
      );
    return valueText(value) ?? t("none");
  };
  if (differences.length === 0) return <Text>{t("same")}</Text>;
  return (
    <Table size="small" aria-label={t("differs")}>
      <TableHeader>
        <TableRow>
          <TableHeaderCell>{t("field")}</TableHeaderCell>
          <TableHeaderCell>{t("theirs")}</TableHeaderCell>
          <TableHeaderCell>{t("mine")}</TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody>
        {differences.map((each) => (
          <TableRow key={each.pointer}>
            {[
              <strong key="name">{nameOf(each.pointer)}</strong>,
              show(each.theirs, each.pointer),
              show(each.mine, each.pointer),
            ].map((text, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns keep their places
              <TableCell key={column} className={styles.cell}>
                <div className={styles.text}>{text}</div>
              </TableCell>
            ))}
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

/** Return a function that names the field at a pointer, such as `Mapping: first_name`. */
export function useFieldName(): (pointer: string) => string {
  const t = useTranslations("editExport.fields");
  const limits = useTranslations("editExport.limitNames");
  const mapped = useMappedName();
  return (pointer) => {
    const [, field = "", ...rest] = pointer.split("/");
    const limit = rest[0] as Parameters<typeof limits>[0];
    if (field === "limits" && limits.has(limit)) return limits(limit);
    const key = field as Parameters<typeof t>[0];
    const entry = field === "mapping" ? mapped(pointer) : undefined;
    const name = t.has(key) ? t(key) : field;
    return rest.length > 0 ? `${name}: ${entry ?? rest.join(" / ")}` : name;
  };
}
