import { Combobox, Field, makeStyles, Option, Text, tokens } from "@fluentui/react-components";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { type Lists, listsQuery } from "../../api/lists";
import type { FieldError } from "../../api/problem";
import { useChoicesButton } from "../../parts/choices-button";
import { ProblemView } from "../../parts/ProblemView";
import { useSentence } from "../../parts/sentences/sentences";
import { at, distinct } from "../draft/findings";
import { useDebounced } from "../draft/use-check";
import { invalid } from "../frame/Findings";
import type { SectionProps } from "../frame/section-props";
import { offered } from "./list-choices";

const useStyles = makeStyles({
  choice: { maxWidth: "28rem", "@media (max-width: 40rem)": { maxWidth: "none" } },
  option: { display: "flex", flexDirection: "column", minWidth: 0, overflowWrap: "anywhere" },
  id: { color: tokens.colorNeutralForeground3 },
});

/** The list: found by its name or id among all lists of the account, or its id typed in. */
export function ListChooser(
  props: SectionProps & {
    lists: UseQueryResult<Lists>;
    name: string | null;
    found: readonly FieldError[];
  },
) {
  const t = useTranslations("editExport.list");
  const choicesButton = useChoicesButton(t("label"));
  const styles = useStyles();
  const say = useSentence();
  const { draft, lists, isDisabled } = props;
  // What is typed while one looks for a list; null shows the chosen one.
  const [typed, setTyped] = useState<string | null>(null);
  const asked = useDebounced(typed ?? "", 400);
  // An account with more lists than the app reads at once is asked again for what is typed.
  const more = useQuery({
    ...listsQuery(draft.connection_id ?? "", asked),
    enabled: lists.data?.is_complete === false && asked !== "",
  });
  const {
    lists: shown,
    more: hidden,
    typedId,
  } = offered(
    [...(lists.data?.lists ?? []), ...(more.data?.lists ?? [])].filter(
      (each, index, all) => all.findIndex((other) => other.id === each.id) === index,
    ),
    typed ?? "",
  );
  const errors = distinct([...at(props.errors, "/list_id"), ...props.found]);
  return (
    <>
      <Field
        label={t("label")}
        required
        className={styles.choice}
        hint={isDisabled ? null : t("hint")}
        {...invalid(errors, say)}
      >
        <Combobox
          expandIcon={choicesButton}
          freeform
          autoComplete="off"
          spellCheck={false}
          disabled={isDisabled}
          placeholder={lists.isLoading ? t("loading") : t("choose")}
          value={typed ?? props.name ?? draft.list_id}
          selectedOptions={draft.list_id ? [draft.list_id] : []}
          onChange={(event) => setTyped(event.target.value)}
          onOpenChange={(_, { open }) => setTyped(open ? "" : null)}
          onBlur={() => setTyped(null)}
          onOptionSelect={(_, { optionValue }) => {
            // The box also tells that a typed text is none of the options.
            if (!optionValue) return;
            setTyped(null);
            if (optionValue !== draft.list_id) props.change({ list_id: optionValue, allow_flows: false });
          }}
        >
          {shown.map((each) => (
            <Option key={each.id} value={each.id} text={each.name}>
              <span className={styles.option}>
                <Text>{each.name}</Text>
                <Text size={200} className={styles.id}>
                  {each.opt_in ? `${each.id} · ${t("optIn", { kind: optInText(each.opt_in, t) })}` : each.id}
                </Text>
              </span>
            </Option>
          ))}
          {typedId && (
            <Option key="typed" value={typedId} text={typedId}>
              {t("useId", { id: typedId })}
            </Option>
          )}
          {hidden > 0 && (
            <Option key="more" value="" text="" disabled>
              {t("more", { count: hidden })}
            </Option>
          )}
          {shown.length === 0 && !typedId && (
            <Option key="none" value="" text="" disabled>
              {lists.isLoading ? t("loading") : t("none")}
            </Option>
          )}
        </Combobox>
      </Field>
      {lists.error && <ProblemView problem={lists.error} retry={() => void lists.refetch()} />}
    </>
  );
}

/** Say how people join the list by themselves; a word that Klaviyo has added since is shown as it is. */
export function optInText(optIn: string, t: ReturnType<typeof useTranslations<"editExport.list">>): string {
  if (optIn === "single_opt_in") return t("singleOptIn");
  return optIn === "double_opt_in" ? t("doubleOptIn") : optIn;
}
