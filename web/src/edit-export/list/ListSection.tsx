import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { listsQuery } from "../../api/lists";
import { at } from "../draft/findings";
import { Warnings } from "../frame/Findings";
import type { SectionProps } from "../frame/section-props";
import { ListChooser } from "./ListChooser";
import { ListFacts } from "./ListFacts";
import { LiveFlows } from "./LiveFlows";
import { NewList } from "./NewList";
import { useListProbe } from "./use-list-probe";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM, maxWidth: "42rem" },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** Into which list the people go, and what hangs on it at Klaviyo. */
export function ListSection(props: SectionProps) {
  const { draft, isDisabled, stored } = props;
  const t = useTranslations("editExport.list");
  const styles = useStyles();
  const mayAsk = !isDisabled && draft.connection_id !== null;
  const lists = useQuery({ ...listsQuery(draft.connection_id ?? ""), enabled: mayAsk });
  const probe = useListProbe(draft, stored, isDisabled);
  if (draft.connection_id === null && !isDisabled) {
    return <Text className={styles.quiet}>{t("connectionFirst")}</Text>;
  }
  const listed = lists.data?.lists.find((each) => each.id === draft.list_id);
  const known = stored?.list_id === draft.list_id ? stored.list_name : null;
  const name = listed?.name ?? probe.shown?.list_name ?? known ?? null;
  const { flows } = probe;
  return (
    <div className={styles.root}>
      <ListChooser {...props} lists={lists} name={name} found={probe.errors} />
      {mayAsk && draft.connection_id !== null && (
        <NewList
          connectionId={draft.connection_id}
          suggested={draft.display_name}
          choose={(list_id) => props.change({ list_id, allow_flows: false })}
        />
      )}
      {draft.list_id !== "" && (
        <ListFacts
          id={draft.list_id}
          optIn={listed?.opt_in ?? null}
          isChecking={probe.isAsking}
          isFlowless={probe.shown !== null && flows.length === 0}
          problem={probe.problem}
        />
      )}
      <LiveFlows
        flows={flows}
        isAllowed={draft.allow_flows}
        isDisabled={isDisabled}
        onAllow={(allow_flows) => props.change({ allow_flows })}
      />
      <Warnings of={at(props.warnings, "/list_id")} />
    </div>
  );
}
