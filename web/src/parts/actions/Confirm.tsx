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
  tokens,
} from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { ProblemView } from "../ProblemView";
import { useFocusBack } from "./focus-back";

const useStyles = makeStyles({
  content: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalM,
    overflowWrap: "anywhere",
    paddingBlockEnd: tokens.spacingVerticalS,
  },
});

/** A dialog that asks before something is done; it stays open with the *problem* where that failed. */
export function Confirm(props: {
  isOpen: boolean;
  title: string;
  children: ReactNode;
  action: string;
  /** The word of the other button; null where there is none. */
  cancel?: string | null;
  onConfirm: () => void;
  onCancel: () => void;
  /** Whether the other button is the one that most people want, as where something would be lost. */
  isCancelFirst?: boolean;
  isBusy?: boolean;
  isDisabled?: boolean;
  problem?: Error | null;
}) {
  const t = useTranslations("parts");
  const styles = useStyles();
  const { isBusy = false, isCancelFirst = false } = props;
  useFocusBack(props.isOpen);
  return (
    <Dialog open={props.isOpen} onOpenChange={(_, { open }) => !open && !isBusy && props.onCancel()}>
      <DialogSurface>
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            props.onConfirm();
          }}
        >
          <DialogBody>
            <DialogTitle>{props.title}</DialogTitle>
            <DialogContent className={styles.content}>
              {props.problem && <ProblemView problem={props.problem} />}
              {props.children}
            </DialogContent>
            <DialogActions>
              {props.cancel !== null && (
                <Button
                  appearance={isCancelFirst ? "primary" : "secondary"}
                  onClick={props.onCancel}
                  disabled={isBusy}
                >
                  {props.cancel ?? t("cancel")}
                </Button>
              )}
              <Button
                type="submit"
                appearance={isCancelFirst ? "secondary" : "primary"}
                disabled={isBusy || props.isDisabled === true}
                {...(isBusy ? { icon: <Spinner size="tiny" aria-hidden /> } : {})}
              >
                {props.action}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
