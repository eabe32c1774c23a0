import { Badge } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import { type Export, isReadable, type ReadableExport } from "../api/exports";
import { TextLink } from "../parts/actions/TextLink";
import { Cell } from "../parts/table/Cell";
import { AS, useTableStyles } from "../parts/table/table-styles";
import { When } from "../parts/When";
import { RowActions } from "./actions/RowActions";
import { LastRun } from "./LastRun";
import { ScheduleWords } from "./ScheduleWords";
import { nameOf, nextRun } from "./shown-exports";

const SHOWN_SEGMENTS = 3;

/** One export of the table. */
export function ExportRow({ found, taken }: { found: Export; taken: readonly string[] }) {
  const t = useTranslations("exports");
  const styles = useTableStyles();
  const actions = (
    <Cell isWhole>
      <RowActions found={found} taken={taken} />
    </Cell>
  );
  if (!isReadable(found)) {
    return (
      <tr className={styles.row} {...AS.row}>
        <Cell isWhole>
          <span className={styles.name}>{found.id}</span>
        </Cell>
        <Cell isWhole span={4}>
          {t("broken")}
        </Cell>
        {actions}
      </tr>
    );
  }
  return (
    <tr className={styles.row} {...AS.row}>
      <Cell isWhole>
        <span className={styles.lines}>
          <TextLink to="/exports/$exportId" params={{ exportId: found.id }} className={styles.name}>
            {nameOf(found)}
          </TextLink>
          <Segments names={found.segments} />
          {!found.enabled && (
            <Badge appearance="tint" color="subtle" shape="rounded">
              {t("disabled")}
            </Badge>
          )}
        </span>
      </Cell>
      <Cell label={t("columns.connection")}>
        {found.connection?.display_name ??
          (found.connection_id ? t("goneConnection", { id: found.connection_id }) : t("detached"))}
      </Cell>
      <Cell label={t("columns.list")}>
        {found.list_name ?? found.list_id}
        {found.list_name && <span className={styles.quiet}>{found.list_id}</span>}
      </Cell>
      <Cell isWhole label={t("columns.last")}>
        <LastRun found={found} />
      </Cell>
      <Cell isWhole label={t("columns.next")}>
        <NextRun found={found} />
      </Cell>
      {actions}
    </tr>
  );
}

function Segments({ names }: { names: readonly string[] }) {
  const t = useTranslations("exports");
  const styles = useTableStyles();
  const more = names.length - SHOWN_SEGMENTS;
  const shown = more > 1 ? [...names.slice(0, SHOWN_SEGMENTS), t("more", { count: more })] : names;
  return (
    <span className={styles.quiet} title={names.join(", ")}>
      {t("segments", { count: names.length, names: shown.join(", ") })}
    </span>
  );
}

function NextRun({ found }: { found: ReadableExport }) {
  const t = useTranslations("exports");
  const styles = useTableStyles();
  const next = nextRun(found);
  if (next !== null) {
    return (
      <>
        <When at={next} />
        {found.schedule !== null && (
          <span className={styles.quiet}>
            <ScheduleWords schedule={found.schedule} />
          </span>
        )}
      </>
    );
  }
  if (found.schedule === null) return <>{t("onDemand")}</>;
  if (!found.enabled) return <>{t("offNow")}</>;
  return <>{t(typeof found.schedule === "object" && "on" in found.schedule ? "onNewData" : "noTime")}</>;
}
