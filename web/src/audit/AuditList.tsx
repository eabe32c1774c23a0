import { Link, makeStyles, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { AuditLine } from "../api/audit";
import { TextLink } from "../parts/actions/TextLink";
import { card } from "../parts/card";
import { When } from "../parts/When";
import { changesOf } from "./changes";
import { DifferenceTable } from "./DifferenceTable";
import { useAction, useAuthor } from "./names";
import type { SubjectNames } from "./subjects";

const useStyles = makeStyles({
  list: { ...card, listStyleType: "none", margin: 0, paddingBlock: 0 },
  line: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1fr) 11rem",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalS,
    paddingBlock: tokens.spacingVerticalM,
    overflowWrap: "anywhere",
    borderBlockStartWidth: tokens.strokeWidthThin,
    borderBlockStartStyle: "solid",
    borderBlockStartColor: tokens.colorNeutralStroke2,
    ":first-child": { borderBlockStartStyle: "none" },
    "@media (max-width: 48rem)": { gridTemplateColumns: "minmax(0, 1fr)", rowGap: tokens.spacingVerticalXXS },
  },
  what: { display: "block", fontWeight: tokens.fontWeightSemibold },
  whole: { gridColumnStart: 1, gridColumnEnd: -1 },
});

/** Lines of the audit trail, newest first. */
export function AuditList({ lines, names }: { lines: readonly AuditLine[]; names: SubjectNames }) {
  const t = useTranslations("audit");
  const styles = useStyles();
  return (
    <ul className={styles.list} aria-label={t("title")}>
      {lines.map((line) => (
        <Line key={line.id} line={line} names={names} />
      ))}
    </ul>
  );
}

function Line({ line, names }: { line: AuditLine; names: SubjectNames }) {
  const t = useTranslations("audit");
  const styles = useStyles();
  const action = useAction();
  const author = useAuthor();
  const [isOpen, setOpen] = useState(false);
  const changes = changesOf(line.before, line.after);
  const kind = line.before === null ? "made" : line.after === null ? "removed" : "changed";
  return (
    <li className={styles.line}>
      <div>
        <span className={styles.what}>{action(line.what)}</span>
        <Subject subject={line.subject} names={names} />
      </div>
      <div>
        {author(line)}
        {changes.length > 0 && (
          <div>
            <Link as="button" type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {isOpen ? t("hide") : t(`show.${kind}`, { count: changes.length })}
            </Link>
          </div>
        )}
      </div>
      <When at={line.at} isPast />
      {isOpen && (
        <div className={styles.whole}>
          <DifferenceTable changes={changes} kind={kind} />
        </div>
      )}
    </li>
  );
}

/** What was acted on: a run, an export and a connection with a link to it. */
function Subject({ subject, names }: { subject: string; names: SubjectNames }) {
  const [kind, id = "", below, runId = ""] = subject.split("/");
  if (kind === "exports" && below === "runs" && runId)
    return (
      <TextLink to="/exports/$exportId/runs/$runId" params={{ exportId: id, runId }}>
        {`${names.exports.get(id) ?? id} / ${runId}`}
      </TextLink>
    );
  if (kind === "exports" && id)
    return (
      <TextLink to="/exports/$exportId" params={{ exportId: id }}>
        {names.exports.get(id) ?? id}
      </TextLink>
    );
  if (kind === "connections" && id)
    return (
      <TextLink to="/connections/$connectionId" params={{ connectionId: id }}>
        {names.connections.get(id) ?? id}
      </TextLink>
    );
  return <span>{subject}</span>;
}
