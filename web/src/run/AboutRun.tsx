import { useFormatter, useTranslations } from "use-intl";
import type { Export } from "../api/exports";
import type { Run } from "../api/runs";
import { TextLink } from "../parts/actions/TextLink";
import { useWho } from "../parts/sentences/who";
import { When } from "../parts/When";
import { Facts } from "./Facts";
import { sizeOf } from "./rules/run-facts";

/** What the run is of: its export, who started it, when, and what it reads. */
export function AboutRun({ run, found }: { run: Run; found: Export | undefined }) {
  const t = useTranslations("run.about");
  const triggers = useTranslations("words.triggers");
  const format = useFormatter();
  const who = useWho();
  const { source } = run;
  const author = run.requested_by && who(run.requested_by);
  const size = (bytes: number) => {
    const { unit, value } = sizeOf(bytes);
    return format.number(value, {
      style: "unit",
      unit,
      unitDisplay: unit === "byte" ? "long" : "short",
      maximumFractionDigits: 1,
    });
  };
  const trigger = run.trigger as Parameters<typeof triggers>[0];
  const facts = [
    ...(found
      ? [
          {
            name: t("export"),
            value: (
              <TextLink to="/exports/$exportId" params={{ exportId: run.export_id }}>
                {found.display_name || found.id}
              </TextLink>
            ),
            note: found.segments?.join(", "),
          },
          ...(found.connection ? [{ name: t("connection"), value: found.connection.display_name }] : []),
          ...(found.list_id
            ? [
                {
                  name: t("list"),
                  value: found.list_name ?? found.list_id,
                  note: found.list_name ? found.list_id : undefined,
                },
              ]
            : []),
        ]
      : [{ name: t("export"), value: run.export_id, note: t("exportGone") }]),
    {
      name: t("trigger"),
      value: triggers.has(trigger) ? triggers(trigger) : run.trigger,
      note: (run.trigger === "http" && author) || undefined,
    },
    { name: t("asked"), value: <When at={run.created_at} isPast /> },
    ...(run.started_at ? [{ name: t("started"), value: <When at={run.started_at} isPast /> }] : []),
    ...(run.ended_at ? [{ name: t("ended"), value: <When at={run.ended_at} isPast /> }] : []),
    ...(source.blobs > 0
      ? [
          {
            name: t("source"),
            value: t("files", { count: source.blobs, size: size(source.bytes) }),
            note:
              source.bytes_read < source.bytes
                ? t("readSoFar", { size: size(source.bytes_read) })
                : undefined,
            names: [
              ...source.files,
              ...(source.files.length > 0 && source.blobs > source.files.length
                ? [t("moreFiles", { count: source.blobs - source.files.length })]
                : []),
            ],
          },
        ]
      : []),
    ...(run.limit === null ? [] : [{ name: t("limit"), value: t("limitRows", { count: run.limit }) }]),
    { name: t("id"), value: run.id },
  ];
  return <Facts facts={facts} isColumn />;
}
