import { Spinner, Text } from "@fluentui/react-components";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "use-intl";
import { unconfirmedPagesQuery } from "../../api/run-rows";
import type { Run, RunId } from "../../api/runs";
import { LoadMore } from "../../parts/actions/LoadMore";
import { Panel } from "../../parts/Panel";
import { ProblemView } from "../../parts/ProblemView";
import { ScrollTable } from "../../parts/rows/ScrollTable";

/** The import jobs of the run whose end is not known, with their rows. */
export function UnconfirmedPanel({ run, id }: { run: Run; id: RunId }) {
  const t = useTranslations("rows.unconfirmed");
  const loading = useTranslations("run.rejections");
  const format = useFormatter();
  const found = useInfiniteQuery(unconfirmedPagesQuery(id));
  const jobs = found.data?.pages.flatMap(({ lines }) => lines);
  const why = (status: string) => {
    const key = `statuses.${status}` as Parameters<typeof t.has>[0];
    return t.has(key) ? t(key as "statuses.vanished") : status;
  };
  return (
    <Panel title={t("title", { count: run.tally.unconfirmed })} intro={t("means")}>
      {found.error && <ProblemView problem={found.error} retry={() => void found.refetch()} />}
      {!jobs && !found.error && <Spinner size="small" label={loading("loading")} />}
      {jobs?.length === 0 && <Text>{t("none")}</Text>}
      {jobs && jobs.length > 0 && (
        <ScrollTable label={t("table")} heads={[t("job"), t("rows"), t("profiles"), t("why")]}>
          <tbody>
            {jobs.map((job, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the jobs stand as they are, and some have no id
              <tr key={index}>
                <td>{job.id ?? t("noJob")}</td>
                <td>
                  {job.rows.map(([blob, first, last]) => t("span", { blob, first, last })).join("; ") || "–"}
                </td>
                <td>{format.number(job.profiles)}</td>
                <td>{why(job.status)}</td>
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
      <LoadMore {...found} />
    </Panel>
  );
}
