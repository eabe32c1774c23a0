import { Field, Input, makeStyles, shorthands, ToggleButton, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "use-intl";
import type { FieldError } from "../../api/problem";
import { useSentence } from "../../parts/sentences/sentences";
import { at } from "../draft/findings";
import { invalid } from "../frame/Findings";
import { cronWordsQuery } from "./cron-words";
import { isTimed, type ScheduleForm } from "./schedule-form";
import { useDayName } from "./schedule-text";
import { ZoneField } from "./ZoneField";

/** Monday first, as in both languages of the page. */
const WEEK = [1, 2, 3, 4, 5, 6, 0];

const useStyles = makeStyles({
  short: { width: "8.5rem" },
  days: {
    margin: 0,
    padding: 0,
    ...shorthands.borderStyle("none"),
    minWidth: 0,
    display: "flex",
    flexWrap: "wrap",
    gap: tokens.spacingHorizontalXXS,
  },
  day: { minWidth: "2.75rem", paddingInline: tokens.spacingHorizontalXS },
  cron: { flexBasis: "14rem", flexGrow: 1, maxWidth: "24rem" },
  mono: { fontFamily: tokens.fontFamilyMonospace },
});

type Props = {
  form: ScheduleForm;
  errors: readonly FieldError[];
  isDisabled: boolean;
  onForm: (part: Partial<ScheduleForm>) => void;
};

/** The fields of the chosen kind of schedule: days, time, expression, time zone. */
export function TimeFields({ form, errors, isDisabled, onForm }: Props) {
  const t = useTranslations("editExport.schedule");
  const styles = useStyles();
  if (!isTimed(form.kind)) return null;
  return (
    <>
      {form.kind === "weekly" && <DaysField form={form} isDisabled={isDisabled} onForm={onForm} />}
      {form.kind === "monthly" && (
        <Field label={t("day")} hint={form.day > 28 ? t("dayHint") : null} className={styles.short}>
          <Input
            type="number"
            min={1}
            max={31}
            value={String(form.day)}
            disabled={isDisabled}
            onChange={(_, { value }) =>
              onForm({ day: Math.min(31, Math.max(1, Math.round(Number(value)) || 1)) })
            }
          />
        </Field>
      )}
      {form.kind === "hourly" && (
        <Field label={t("minute")} className={styles.short}>
          <Input
            type="number"
            min={0}
            max={59}
            value={String(form.minute)}
            disabled={isDisabled}
            onChange={(_, { value }) =>
              onForm({ minute: Math.min(59, Math.max(0, Math.round(Number(value)) || 0)) })
            }
          />
        </Field>
      )}
      {(form.kind === "daily" || form.kind === "weekly" || form.kind === "monthly") && (
        <Field label={t("time")} className={styles.short}>
          <Input
            type="time"
            value={form.time}
            disabled={isDisabled}
            // A browser gives an empty text while one types the time.
            onChange={(_, { value }) => value && onForm({ time: value })}
          />
        </Field>
      )}
      {form.kind === "cron" && (
        <CronField form={form} errors={errors} isDisabled={isDisabled} onForm={onForm} />
      )}
      <ZoneField form={form} errors={errors} isDisabled={isDisabled} onForm={onForm} />
    </>
  );
}

function DaysField({ form, isDisabled, onForm }: Omit<Props, "errors">) {
  const t = useTranslations("editExport.schedule");
  const styles = useStyles();
  const name = useDayName();
  const toggle = (day: number) => {
    const days = form.days.includes(day) ? form.days.filter((each) => each !== day) : [...form.days, day];
    // A week without a day would be no schedule.
    if (days.length > 0) onForm({ days });
  };
  return (
    <Field label={t("days")}>
      <fieldset className={styles.days} aria-label={t("days")}>
        {WEEK.map((day) => (
          <ToggleButton
            key={day}
            className={styles.day}
            checked={form.days.includes(day)}
            appearance={form.days.includes(day) ? "primary" : "outline"}
            aria-label={name(day, "long")}
            disabled={isDisabled}
            onClick={() => toggle(day)}
          >
            {name(day, "short")}
          </ToggleButton>
        ))}
      </fieldset>
    </Field>
  );
}

function CronField({ form, errors, isDisabled, onForm }: Props) {
  const t = useTranslations("editExport.schedule");
  const say = useSentence();
  const styles = useStyles();
  const words = useQuery(cronWordsQuery(form.cron.trim(), useLocale()));
  const problems = at(errors, "/schedule/cron");
  return (
    <Field
      label={t("cron")}
      className={styles.cron}
      hint={problems.length > 0 ? null : (words.data ?? t("cronHint"))}
      {...invalid(problems, say)}
    >
      <Input
        value={form.cron}
        disabled={isDisabled}
        spellCheck={false}
        autoComplete="off"
        input={{ className: styles.mono }}
        onChange={(_, { value }) => onForm({ cron: value })}
      />
    </Field>
  );
}
