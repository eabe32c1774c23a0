import { Field, Input, makeStyles, tokens } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import { useSentence } from "../../parts/sentences/sentences";
import { at } from "../draft/findings";
import { invalid } from "../frame/Findings";
import type { SectionProps } from "../frame/section-props";

const useStyles = makeStyles({
  row: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 16rem), 1fr))",
    gap: tokens.spacingHorizontalL,
    alignItems: "start",
    maxWidth: "42rem",
  },
});

/** The name, and the id that is made from it and cannot be changed later. */
export function NameFields(props: SectionProps & { changeId: ((id: string) => void) | null }) {
  const t = useTranslations("editExport.name");
  const styles = useStyles();
  const say = useSentence();
  const { draft, changeId, isDisabled } = props;
  return (
    <div className={styles.row}>
      <Field label={t("name")} required {...invalid(at(props.errors, "/display_name"), say)}>
        <Input
          value={draft.display_name}
          placeholder={t("nameExample")}
          disabled={isDisabled}
          onChange={(_, { value }) => props.change({ display_name: value })}
        />
      </Field>
      <Field
        label={t("id")}
        hint={changeId ? t("idHint") : t("idFixed")}
        {...invalid(at(props.errors, "/id"), say)}
      >
        <Input
          value={draft.id}
          disabled={isDisabled}
          readOnly={changeId === null}
          appearance={changeId === null ? "filled-darker" : "outline"}
          spellCheck={false}
          autoComplete="off"
          onChange={(_, { value }) => changeId?.(value.trim().toLowerCase())}
        />
      </Field>
    </div>
  );
}
