import {
  Dropdown,
  Field,
  makeStyles,
  Option,
  Skeleton,
  SkeletonItem,
  Text,
  tokens,
} from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "use-intl";
import { connectionChoicesQuery } from "../../api/connections";
import { useMe } from "../../api/me";
import { TextLink } from "../../parts/actions/TextLink";
import { ProblemView } from "../../parts/ProblemView";
import { useSentence } from "../../parts/sentences/sentences";
import { at } from "../draft/findings";
import { invalid, Warnings } from "../frame/Findings";
import type { SectionProps } from "../frame/section-props";
import { choicesOf } from "./connection-choices";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalS, maxWidth: "42rem" },
  choice: { maxWidth: "20.5rem", "@media (max-width: 40rem)": { maxWidth: "none" } },
  option: { display: "flex", flexDirection: "column", minWidth: 0 },
  why: { color: tokens.colorNeutralForeground3 },
});

/** Over which connection the export goes: only one that can be used; the others say why they cannot. */
export function ConnectionSection({ draft, change, errors, warnings, isDisabled }: SectionProps) {
  const t = useTranslations("editExport.connection");
  const styles = useStyles();
  const say = useSentence();
  const locale = useLocale();
  const mayAdd = useMe().may.includes("put_connection");
  const found = useQuery(connectionChoicesQuery);
  if (found.error) return <ProblemView problem={found.error} retry={() => void found.refetch()} />;
  if (!found.data) {
    return (
      <Skeleton aria-label={t("label")} className={styles.choice}>
        <SkeletonItem size={32} />
      </Skeleton>
    );
  }
  const choices = choicesOf(found.data, locale);
  const chosen = choices.find((each) => each.id === draft.connection_id);
  const add = mayAdd && <TextLink to="/connections/new">{t("add")}</TextLink>;
  if (choices.length === 0) {
    return (
      <Text>
        {t("noneYet")} {add || t("askAdministrator")}
      </Text>
    );
  }
  return (
    <div className={styles.root}>
      <Field
        label={t("label")}
        required
        className={styles.choice}
        {...invalid(at(errors, "/connection_id"), say)}
      >
        <Dropdown
          placeholder={t("choose")}
          disabled={isDisabled}
          value={chosen?.name ?? draft.connection_id ?? ""}
          selectedOptions={draft.connection_id ? [draft.connection_id] : []}
          onOptionSelect={(_, { optionValue }) => {
            // A list belongs to the account of its connection.
            if (optionValue && optionValue !== draft.connection_id)
              change({ connection_id: optionValue, list_id: "", allow_flows: false });
          }}
        >
          {choices.map((each) => (
            <Option
              key={each.id}
              value={each.id}
              text={each.name}
              disabled={each.whyNot !== null && each.id !== draft.connection_id}
            >
              <span className={styles.option}>
                <Text>{each.name}</Text>
                {each.whyNot && (
                  <Text size={200} className={styles.why}>
                    {t(`whyNot.${each.whyNot}`)}
                  </Text>
                )}
              </span>
            </Option>
          ))}
        </Dropdown>
      </Field>
      {add && !isDisabled && choices.every((each) => each.whyNot) && <Text>{add}</Text>}
      <Warnings of={at(warnings, "/connection_id")} />
    </div>
  );
}
