import {
  Button,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Spinner,
  Subtitle2,
  Text,
  tokens,
} from "@fluentui/react-components";
import { EyeRegular } from "@fluentui/react-icons";
import { type ReactNode, useEffect, useEffectEvent, useMemo, useRef } from "react";
import { useTranslations } from "use-intl";
import { problemWithoutAnswer } from "../../api/problem";
import { ProblemView } from "../../parts/ProblemView";
import { ValueNotes } from "../../parts/rows/ValueNotes";
import { useFieldName } from "../mapping/field-name";
import type { PlacedProblem } from "../mapping/rules/problems";
import { Estimate } from "./Estimate";
import { Findings } from "./Findings";
import { RefusedRows, SentRows } from "./PreviewRows";
import {
  type Draft,
  type Preview,
  placedErrors,
  placedProblems,
  rowsLookedAt,
  stillTrue,
} from "./preview-rules";
import { usePreview } from "./use-preview";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL, minWidth: 0 },
  head: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalS,
  },
  status: { "& > *": { marginBlockStart: tokens.spacingVerticalM } },
  intro: { color: tokens.colorNeutralForeground3, flexBasis: "20rem", flexGrow: 1, maxWidth: "44rem" },
  result: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXL, minWidth: 0 },
  section: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalS, minWidth: 0 },
  title: { margin: 0 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/**
 * What a run of *draft* would do, when somebody asks for it; the draft need not be saved and needs no list.
 *
 * *onProblems* gets what was found wrong or odd about fields of the export, without those that were changed since.
 */
export function PreviewPanel(props: {
  draft: Draft;
  exportId: string;
  ready: boolean;
  onProblems: (problems: readonly PlacedProblem[]) => void;
}) {
  const t = useTranslations("preview");
  const styles = useStyles();
  const named = useFieldName();
  const { draft, ready } = props;
  const { ask, asked, shown, problem, isBusy } = usePreview(props.exportId);

  const found = useMemo(() => {
    if (problem) return placedErrors(problemWithoutAnswer(problem));
    return shown ? placedProblems(shown.preview) : [];
  }, [problem, shown]);
  useTold(asked ? stillTrue(found, asked, draft) : [], props.onProblems);

  const isChanged = shown !== null && !isBusy && JSON.stringify(shown.draft) !== JSON.stringify(draft);
  return (
    <div className={styles.root}>
      <div>
        <div className={styles.head}>
          <Button
            icon={isBusy ? <Spinner size="tiny" aria-hidden /> : <EyeRegular />}
            onClick={() => ask(draft)}
            disabled={!ready}
            disabledFocusable={isBusy}
          >
            {t(asked ? "again" : "show")}
          </Button>
          <Text className={styles.intro}>{ready ? t("intro") : t("notReady")}</Text>
        </div>
        <div role="status" className={styles.status}>
          {isBusy && !shown && <Text className={styles.quiet}>{t("reading")}</Text>}
          {isChanged && (
            <MessageBar intent="warning" layout="multiline">
              <MessageBarBody>{t("changed")}</MessageBarBody>
            </MessageBar>
          )}
        </div>
      </div>
      {problem && !isBusy && (
        <ProblemView problem={problem} named={(pointer) => named(pointer.replace(/^\/export/, ""))} />
      )}
      {shown && !problem && (
        <div className={styles.result} aria-busy={isBusy}>
          <Result preview={shown.preview} />
        </div>
      )}
    </div>
  );
}

function Result({ preview }: { preview: Preview }) {
  const t = useTranslations("preview");
  const styles = useStyles();
  return (
    <>
      <Findings preview={preview} />
      <Section title={t("estimate.title")}>
        <Estimate preview={preview} />
      </Section>
      {preview.notes.length > 0 && (
        <Section title={t("notes.title")}>
          <Text className={styles.quiet}>{t("notes.scope", { rows: rowsLookedAt(preview) })}</Text>
          <ValueNotes notes={preview.notes} of="preview.notes" label={t("notes.title")} />
        </Section>
      )}
      <Section title={t("refused.title")}>
        <RefusedRows preview={preview} />
      </Section>
      <Section title={t("sent.title")}>
        <SentRows preview={preview} />
      </Section>
    </>
  );
}

function Section(props: { title: string; children: ReactNode }) {
  const styles = useStyles();
  return (
    <section className={styles.section}>
      <Subtitle2 as="h3" className={styles.title}>
        {props.title}
      </Subtitle2>
      {props.children}
    </section>
  );
}

/** Tell *onProblems* of *problems* whenever they have become others. */
function useTold(
  problems: readonly PlacedProblem[],
  onProblems: (problems: readonly PlacedProblem[]) => void,
) {
  const told = useRef("[]");
  const tell = useEffectEvent((text: string) => {
    if (text === told.current) return;
    told.current = text;
    onProblems(problems);
  });
  const text = JSON.stringify(problems);
  useEffect(() => tell(text), [text]);
}
