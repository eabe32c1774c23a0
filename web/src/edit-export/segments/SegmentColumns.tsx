import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { type SegmentFolder, segmentColumnsQuery } from "../../api/segments";
import { Sentence } from "../../parts/sentences/Sentence";

/** Of more columns than this only the first are named; the mapping names all. */
const SHOWN = 12;

const useStyles = makeStyles({
  quiet: { color: tokens.colorNeutralForeground3 },
  problem: { color: tokens.colorStatusDangerForeground1 },
});

/** The columns of a chosen segment with their types, as far as these are known. */
export function SegmentColumns({ name }: { name: string }) {
  const t = useTranslations("editExport.segments");
  const styles = useStyles();
  const found = useQuery(segmentColumnsQuery(name));
  if (found.data?.problem) {
    return (
      <Text size={200} className={styles.problem}>
        <Sentence sentence={found.data.problem} />
      </Text>
    );
  }
  const columns = found.data?.columns ?? [];
  if (!found.data || columns.length === 0) return null;
  const { types } = found.data;
  const shown = columns.slice(0, SHOWN).map((column) => {
    const type = typeOf(types, column);
    return type === null ? column : t("typed", { column, type: t(`types.${type}`) });
  });
  const more = columns.length - shown.length;
  return (
    <Text size={200} className={styles.quiet}>
      {t("columns", { names: shown.join(", ") })}
      {more > 0 && ` ${t("moreColumns", { count: more })}`}
    </Text>
  );
}

/** Return the type of *column*; null for text, which needs no word, and where no type is known. */
function typeOf(types: SegmentFolder["types"], column: string) {
  const type = types[column];
  return type === undefined || type === "text" ? null : type;
}
