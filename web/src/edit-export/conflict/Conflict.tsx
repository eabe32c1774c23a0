import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  Spinner,
  Text,
  tokens,
} from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { editedExportQuery } from "../../api/edited-export";
import { useMe } from "../../api/me";
import { useFocusBack } from "../../parts/actions/focus-back";
import { ProblemView } from "../../parts/ProblemView";
import { When } from "../../parts/When";
import { draftOf, type ExportDraft } from "../draft/draft";
import type { Base } from "../draft/draft-state";
import { DifferenceTable } from "./DifferenceTable";
import { differences } from "./differences";

const useStyles = makeStyles({
  surface: { maxWidth: "min(52rem, 96vw)" },
  content: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalL,
    paddingBlockEnd: tokens.spacingVerticalL,
  },
});

/** Asks what to do where somebody else has changed the export: whose change it was, and what differs. */
export function Conflict(props: {
  mine: ExportDraft;
  onTakeTheirs: (theirs: Base) => void;
  onKeepMine: (theirs: Base) => void;
  onClose: () => void;
}) {
  const t = useTranslations("editExport.conflict");
  const styles = useStyles();
  useFocusBack(true);
  const found = useQuery({ ...editedExportQuery(props.mine.id), queryKey: ["theirs", props.mine.id] });
  // With function keys everybody has the same name.
  const isAnonymous = useMe().app.auth_mode === "keys";
  const { data } = found;
  const theirs = data && { draft: draftOf(data.shown), etag: data.etag };
  const decide = (act: (theirs: Base) => void) => () => {
    if (theirs) act(theirs);
    props.onClose();
  };
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && props.onClose()}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{t("title")}</DialogTitle>
          <DialogContent className={styles.content}>
            {found.error && <ProblemView problem={found.error} retry={() => void found.refetch()} />}
            {!data && !found.error && <Spinner />}
            {data && theirs && (
              <>
                <Text>
                  {data.shown.changed_by && !isAnonymous
                    ? t.rich("who", { who: data.shown.changed_by, b: (text) => <strong>{text}</strong> })
                    : t("somebody")}{" "}
                  {data.shown.changed_at && <When at={data.shown.changed_at} isShort />}
                </Text>
                <DifferenceTable differences={differences(props.mine, theirs.draft)} />
              </>
            )}
          </DialogContent>
          <DialogActions fluid>
            <Button onClick={props.onClose}>{t("later")}</Button>
            <Button disabled={!theirs} onClick={decide(props.onTakeTheirs)}>
              {t("takeTheirs")}
            </Button>
            <Button appearance="primary" disabled={!theirs} onClick={decide(props.onKeepMine)}>
              {t("keepMine")}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
