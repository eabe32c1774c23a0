import { Dropdown, Field, makeStyles, Option, Switch, Text, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useMe } from "../../api/me";
import { useSentence } from "../../parts/sentences/sentences";
import { viewerZone } from "../../parts/zones";
import { at } from "../draft/findings";
import { invalid, Warnings } from "../frame/Findings";
import type { SectionProps } from "../frame/section-props";
import { NewData } from "./NewData";
import { NextRuns } from "./NextRuns";
import { formOf, KINDS, type Kind, type ScheduleForm, scheduleOf } from "./schedule-form";
import { TimeFields } from "./TimeFields";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL, maxWidth: "48rem" },
  row: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalL, alignItems: "flex-start" },
  kind: {
    flexBasis: "20.5rem",
    maxWidth: "20.5rem",
    flexGrow: 1,
    minWidth: 0,
    "@media (max-width: 40rem)": { maxWidth: "none" },
  },
  select: { minWidth: "0" },
  enabled: { marginInlineStart: `calc(-1 * ${tokens.spacingHorizontalS})` },
});

/** When the export runs by itself, in words or as a cron expression, and the times that follow from it. */
export function ScheduleSection(props: SectionProps) {
  const { draft, change, errors, warnings, isDisabled } = props;
  const t = useTranslations("editExport.schedule");
  const styles = useStyles();
  const say = useSentence();
  const { refresh } = useMe().app;
  const [form, setForm] = useState<ScheduleForm>(() => formOf(draft.schedule, viewerZone()));
  const onForm = (part: Partial<ScheduleForm>) => {
    const next = { ...form, ...part };
    setForm(next);
    change({ schedule: scheduleOf(next) });
  };
  // What was said in words is the expression that one goes on from.
  const onKind = (kind: Kind) => {
    const said = scheduleOf(form);
    onForm({
      kind,
      ...(said !== null && typeof said === "object" && "cron" in said ? { cron: said.cron } : {}),
    });
  };
  const kinds = KINDS.filter((kind) => kind !== "refresh" || refresh !== null || form.kind === "refresh");
  return (
    <div className={styles.root}>
      <div className={styles.row}>
        <Field
          label={t("label")}
          className={styles.kind}
          hint={<KindHint kind={form.kind} />}
          {...invalid(
            errors.filter((each) => each.pointer === "/schedule"),
            say,
          )}
        >
          <Dropdown
            className={styles.select}
            disabled={isDisabled}
            value={t(`kinds.${form.kind}`)}
            selectedOptions={[form.kind]}
            onOptionSelect={(_, { optionValue }) => {
              const kind = KINDS.find((each) => each === optionValue);
              if (kind) onKind(kind);
            }}
          >
            {kinds.map((kind) => (
              <Option key={kind} value={kind}>
                {t(`kinds.${kind}`)}
              </Option>
            ))}
          </Dropdown>
        </Field>
        <TimeFields form={form} errors={errors} isDisabled={isDisabled} onForm={onForm} />
      </div>
      {draft.schedule !== null && form.kind !== "newData" && (
        <NextRuns {...props} zone={form.kind === "refresh" ? (refresh?.time_zone ?? "UTC") : form.zone} />
      )}
      {form.kind === "newData" && props.stored?.new_data && <NewData seen={props.stored.new_data} />}
      <Warnings of={at(warnings, "/schedule")} />
      <Field hint={draft.enabled ? null : t("disabledHint")}>
        <Switch
          className={styles.enabled}
          checked={draft.enabled}
          disabled={isDisabled}
          label={t("enabled")}
          onChange={(_, { checked }) => change({ enabled: checked })}
        />
      </Field>
      {!draft.enabled && props.stored?.enabled !== false && isRunning(props.stored?.status) && (
        <Text>{t("stopsRun")}</Text>
      )}
    </div>
  );
}

function KindHint({ kind }: { kind: Kind }) {
  const t = useTranslations("editExport.schedule");
  const { refresh } = useMe().app;
  if (kind === "newData") return <>{t("newDataHint")}</>;
  return kind === "refresh" && refresh ? <>{t("refreshHint", { zone: refresh.time_zone })}</> : null;
}

function isRunning(status: string | null | undefined): boolean {
  return status === "queued" || status === "exporting" || status === "settling";
}
