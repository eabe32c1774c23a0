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
import { useTranslations } from "use-intl";
import { type Difference, valueText } from "./differences";

const useStyles = makeStyles({
  cell: {
    overflowWrap: "anywhere",
    verticalAlign: "top",
    paddingBlock: tokens.spacingVerticalS,
    height: "auto",
  },
});

/** What differs, field by field: the others' value and one's own. */
export function DifferenceTable({ differences }: { differences: readonly Difference[] }) {
  const t = useTranslations("editExport.conflict");
  const styles = useStyles();
  const nameOf = useFieldName();
  const show = (value: unknown) => {
    if (typeof value === "boolean") return t(value ? "yes" : "no");
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
            <TableCell className={styles.cell}>
              <strong>{nameOf(each.pointer)}</strong>
            </TableCell>
            <TableCell className={styles.cell}>{show(each.theirs)}</TableCell>
            <TableCell className={styles.cell}>{show(each.mine)}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

/** Return a function that names the field at a pointer, such as `Mapping: first_name`. */
export function useFieldName(): (pointer: string) => string {
  const t = useTranslations("editExport.fields");
  return (pointer) => {
    const [, field = "", ...rest] = pointer.split("/");
    const key = field as Parameters<typeof t>[0];
    const name = t.has(key) ? t(key) : field;
    return rest.length > 0 ? `${name}: ${rest.join(" / ")}` : name;
  };
}
