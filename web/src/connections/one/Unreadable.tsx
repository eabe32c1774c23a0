import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { DeleteRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocale, useTranslations } from "use-intl";
import { connectionChoicesQuery } from "../../api/connections";
import { exportsQuery } from "../../api/exports";
import { useMe } from "../../api/me";
import { problemWithoutAnswer } from "../../api/problem";
import { TextLink } from "../../parts/actions/TextLink";
import { EmptyState } from "../../parts/EmptyState";
import { PageHeader } from "../../parts/PageHeader";
import { ProblemView } from "../../parts/ProblemView";
import { exportsOver } from "../list/shown-connections";
import { RemovalDialog } from "./RemovalDialog";

const useStyles = makeStyles({
  ways: { display: "flex", flexDirection: "column", alignItems: "center", rowGap: tokens.spacingVerticalM },
});

/**
 * The screen where a connection cannot be read: why, and the way back.
 *
 * What is left of it can be removed: a damaged document, or exports of a connection whose removal was cut off.
 */
export function Unreadable({ id, problem, retry }: { id: string; problem: Error; retry: () => void }) {
  const t = useTranslations("connections.one");
  const styles = useStyles();
  const locale = useLocale();
  const mayRemove = useMe().may.includes("delete_connection");
  const all = useQuery(connectionChoicesQuery);
  const exports = useQuery(exportsQuery);
  const [isRemoving, setRemoving] = useState(false);
  const broken = all.data?.find((each) => each.id === id && each.is_broken);
  const over = exports.data ? exportsOver(id, exports.data, locale) : null;
  const isGone = problemWithoutAnswer(problem).status === 404;
  const isLeft = broken !== undefined || (isGone && over !== null && over.length > 0);
  return (
    <>
      <PageHeader title={id} />
      <ProblemView problem={problem} {...(isGone ? {} : { retry })} />
      <EmptyState
        action={
          <span className={styles.ways}>
            {mayRemove && isLeft && (
              <Button icon={<DeleteRegular />} onClick={() => setRemoving(true)}>
                {t("remove")}
              </Button>
            )}
            <TextLink to="/connections">{t("toConnections")}</TextLink>
          </span>
        }
      >
        {mayRemove && broken
          ? t("cannotReadRemove")
          : mayRemove && isLeft
            ? t("goneUsed", { count: over?.length ?? 0 })
            : t("cannotRead")}
      </EmptyState>
      {isRemoving && (
        <RemovalDialog
          id={id}
          name={id}
          etag={broken?.etag ?? null}
          exports={over}
          close={() => setRemoving(false)}
        />
      )}
    </>
  );
}
