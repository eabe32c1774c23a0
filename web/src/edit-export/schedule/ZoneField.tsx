import { Combobox, Field, makeStyles, Option } from "@fluentui/react-components";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { FieldError } from "../../api/problem";
import { useChoicesButton } from "../../parts/choices-button";
import { useSentence } from "../../parts/sentences/sentences";
import { allZones, viewerZone } from "../../parts/zones";
import { at } from "../draft/findings";
import { invalid } from "../frame/Findings";
import type { ScheduleForm } from "./schedule-form";
import { matchingZones } from "./zone-choices";

const useStyles = makeStyles({ zone: { width: "14rem", minWidth: 0 }, box: { minWidth: 0 } });

/** The time zone in which the times are meant. */
export function ZoneField(props: {
  form: ScheduleForm;
  errors: readonly FieldError[];
  isDisabled: boolean;
  onForm: (part: Partial<ScheduleForm>) => void;
}) {
  const t = useTranslations("editExport.schedule");
  const choicesButton = useChoicesButton(t("zone"));
  const styles = useStyles();
  const say = useSentence();
  const [typed, setTyped] = useState<string | null>(null);
  const { zone } = props.form;
  const zones = matchingZones(allZones(), typed ?? "", [viewerZone(), "Europe/Kyiv", "UTC"]);
  return (
    <Field
      label={t("zone")}
      className={styles.zone}
      {...invalid(at(props.errors, "/schedule/time_zone"), say)}
    >
      <Combobox
        expandIcon={choicesButton}
        freeform
        className={styles.box}
        autoComplete="off"
        spellCheck={false}
        disabled={props.isDisabled}
        value={typed ?? zone}
        selectedOptions={[zone]}
        onChange={(event) => setTyped(event.target.value)}
        onOpenChange={(_, { open }) => setTyped(open ? "" : null)}
        onBlur={() => setTyped(null)}
        onOptionSelect={(_, { optionValue }) => {
          // The box also tells that a typed text is none of the options.
          if (!optionValue) return;
          setTyped(null);
          props.onForm({ zone: optionValue });
        }}
      >
        {zones.map((each) => (
          <Option key={each} value={each}>
            {each}
          </Option>
        ))}
        {zones.length === 0 && (
          <Option value="" text="" disabled>
            {t("noZone")}
          </Option>
        )}
      </Combobox>
    </Field>
  );
}
