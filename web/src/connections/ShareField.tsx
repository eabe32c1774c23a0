import { Field, Radio, RadioGroup } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import type { SharedWith } from "../api/connections";
import { RadioLabel } from "./RadioLabel";

/** Who may use a connection. */
export function ShareField({ value, change }: { value: SharedWith; change: (value: SharedWith) => void }) {
  const t = useTranslations("connect.share");
  return (
    <Field label={t("label")}>
      <RadioGroup
        value={value}
        onChange={(_, data) => change(data.value === "contributors" ? "contributors" : "administrators")}
      >
        <Radio
          value="administrators"
          label={<RadioLabel label={t("administrators")} hint={t("administratorsHint")} />}
        />
        <Radio
          value="contributors"
          label={<RadioLabel label={t("contributors")} hint={t("contributorsHint")} />}
        />
      </RadioGroup>
    </Field>
  );
}
