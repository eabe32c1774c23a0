import { makeStyles, tokens } from "@fluentui/react-components";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { type ReadExport, useSaveExport } from "../api/edited-export";
import { type FieldError, Problem } from "../api/problem";
import { UnsavedGuard } from "../app/UnsavedGuard";
import { PageHeader } from "../parts/PageHeader";
import { Conflict } from "./conflict/Conflict";
import { draftOf, type ExportDraft, wishOf } from "./draft/draft";
import { type Base, isDirty, useDraft } from "./draft/draft-state";
import { isId } from "./draft/export-id";
import { distinct } from "./draft/findings";
import { withPageErrors } from "./draft/page-errors";
import { useDraftCheck } from "./draft/use-check";
import { BarMessages } from "./frame/BarMessages";
import { Outline } from "./frame/Outline";
import { SaveBar } from "./frame/SaveBar";
import { TopMessages } from "./frame/TopMessages";
import { useListProbe } from "./list/use-list-probe";
import type { PlacedProblem } from "./mapping/rules/problems";
import { Sections } from "./Sections";

const useStyles = makeStyles({
  layout: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr)",
    columnGap: tokens.spacingHorizontalXXXL,
    alignItems: "start",
    "@media (min-width: 64rem)": { gridTemplateColumns: "11rem minmax(0, 1fr)" },
  },
  form: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL, minWidth: 0 },
});

type EditorProps = {
  draft: ExportDraft;
  /** The stored export; none for a new one. */
  read?: ReadExport;
  /** Why one may not change it; null where one may. */
  whyNot: string | null;
  isCopy?: boolean;
  wasJustSaved?: boolean;
};

/** The form: one part below the other, in the order in which one decides. */
export function ExportEditor({
  draft: start,
  read,
  whyNot,
  isCopy = false,
  wasJustSaved = false,
}: EditorProps) {
  const t = useTranslations("editExport");
  const styles = useStyles();
  const navigate = useNavigate();
  const [state, dispatch] = useDraft(start, read ? { draft: start, etag: read.etag } : null);
  const [saved, setSaved] = useState<ReadExport | null>(read ?? null);
  const [isJustSaved, setJustSaved] = useState(wasJustSaved);
  const [previewed, setPreviewed] = useState<readonly PlacedProblem[]>([]);
  const [isConflictOpen, openConflict] = useState(false);
  const save = useSaveExport();
  const isDisabled = whyNot !== null;
  const check = useDraftCheck(state, !isDisabled);
  const list = useListProbe(state.draft, saved?.shown ?? null, isDisabled);
  const isNew = state.base === null;
  const { draft } = state;
  const errors = withPageErrors(
    state,
    distinct([...check.errors, ...fieldErrors(save.error)]),
    check.isConflict,
  );
  const hasChanges = isDirty(state) || (isNew && isCopy);

  const onSave = () => {
    dispatch({ kind: "tried" });
    if (isNew && (!isId(draft.id) || draft.connection_id === null)) return focusFirstInvalid();
    // An export whose list has gone since can still be changed; a list that was never there is a mistake.
    if (list.errors.length > 0 && draft.list_id !== state.base?.draft.list_id) return focusFirstInvalid();
    save.mutate(
      { id: draft.id, wish: wishOf(draft), etag: state.base?.etag ?? null },
      {
        onSuccess: (stored) => {
          dispatch({ kind: "saved", base: baseOf(stored) });
          setSaved(stored);
          // The screen of the new export says so: here a click on "Run now" would be lost when that screen comes.
          setJustSaved(!isNew);
          if (isNew) {
            const to = { to: "/exports/$exportId", params: { exportId: stored.shown.id } } as const;
            void navigate({ ...to, state: { isJustSaved: true }, ignoreBlocker: true });
          }
        },
        onError: (error) => {
          if (!isNew && error instanceof Problem && error.status === 412) openConflict(true);
          else focusFirstInvalid();
        },
      },
    );
  };
  const onChange: Parameters<typeof Sections>[0]["change"] = (change) => {
    setJustSaved(false);
    if (save.error) save.reset();
    dispatch({ kind: "change", change });
  };
  return (
    <>
      <PageHeader
        title={isNew ? t("titleNew") : state.base?.draft.display_name || draft.id}
        intro={isNew ? t("introNew") : t("introEdit", { id: draft.id })}
      />
      <UnsavedGuard when={hasChanges && !isDisabled} />
      <div className={styles.layout}>
        <Outline
          errors={[...errors, ...list.errors]}
          warnings={[...check.warnings, ...previewed, ...(draft.allow_flows ? [] : list.flows)]}
        />
        <div className={styles.form}>
          <TopMessages whyNot={whyNot} check={check} errors={errors} />
          <Sections
            key={state.version}
            draft={draft}
            change={onChange}
            changeId={isNew ? (id) => dispatch({ kind: "id", id }) : null}
            errors={errors}
            warnings={check.warnings}
            previewed={previewed}
            onPreviewed={setPreviewed}
            isDisabled={isDisabled}
            stored={saved?.shown ?? null}
          />
          {!isDisabled && (
            <SaveBar
              isNew={isNew}
              hasChanges={hasChanges}
              isSaving={save.isPending}
              check={check}
              toMend={errors.length + list.errors.length}
              onSave={onSave}
            >
              <BarMessages
                check={check}
                failure={save.error}
                isNew={isNew}
                saved={isJustSaved ? saved : null}
                onCompare={() => openConflict(true)}
              />
            </SaveBar>
          )}
        </div>
      </div>
      {state.base && isConflictOpen && (
        <Conflict
          mine={draft}
          onTakeTheirs={(base: Base) => dispatch({ kind: "takeTheirs", base })}
          onKeepMine={(base: Base) => dispatch({ kind: "keepMine", base })}
          onClose={() => openConflict(false)}
        />
      )}
    </>
  );
}

function fieldErrors(failure: Error | null): readonly FieldError[] {
  return failure instanceof Problem ? failure.errors : [];
}

/** Bring the first field that is wrong to the eye, after it has been drawn so. */
function focusFirstInvalid(): void {
  setTimeout(
    () => document.querySelector<HTMLElement>("main :is([aria-invalid=true], [data-invalid])")?.focus(),
    50,
  );
}

function baseOf(read: ReadExport): Base {
  return { draft: draftOf(read.shown), etag: read.etag };
}
