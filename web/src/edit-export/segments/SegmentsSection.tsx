import {
  makeStyles,
  SearchBox,
  Skeleton,
  SkeletonItem,
  shorthands,
  Text,
  tokens,
} from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { segmentFoldersQuery } from "../../api/segments";
import { ProblemView } from "../../parts/ProblemView";
import { Sentence } from "../../parts/sentences/Sentence";
import { at } from "../draft/findings";
import { InvalidText, Warnings } from "../frame/Findings";
import type { SectionProps } from "../frame/section-props";
import { ChosenSegments } from "./ChosenSegments";
import { SegmentRow } from "./SegmentRow";
import { matching, type SegmentChoice, toggled } from "./segment-choices";

/** With fewer folders than this there is nothing to search. */
const SEARCHED_FROM = 8;

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM },
  search: { maxWidth: "20.5rem", width: "100%" },
  list: {
    listStyleType: "none",
    margin: 0,
    padding: 0,
    maxHeight: "22rem",
    overflowY: "auto",
    ...shorthands.border(tokens.strokeWidthThin, "solid", tokens.colorNeutralStroke2),
    borderRadius: tokens.borderRadiusMedium,
  },
  nothing: { padding: tokens.spacingHorizontalL, color: tokens.colorNeutralForeground3 },
});

/** Which folders of rows are exported: each with its size, its newest state, and what is wrong with it. */
export function SegmentsSection({ draft, change, errors, warnings, isDisabled }: SectionProps) {
  const t = useTranslations("editExport.segments");
  const styles = useStyles();
  const [text, setText] = useState("");
  const found = useQuery({ ...segmentFoldersQuery, enabled: !isDisabled });
  const chosen = (
    <ChosenSegments
      segments={draft.segments}
      isDisabled={isDisabled}
      onChange={(segments) => change({ segments })}
    />
  );
  if (isDisabled) return chosen;
  if (found.error) return <ProblemView problem={found.error} retry={() => void found.refetch()} />;
  if (!found.data) {
    return (
      <Skeleton aria-label={t("label")} className={styles.root}>
        <SkeletonItem size={48} />
        <SkeletonItem size={48} />
        <SkeletonItem size={48} />
      </Skeleton>
    );
  }
  const { folders } = found.data;
  const choices = matching(folders, text, draft.segments);
  return (
    <div className={styles.root}>
      {folders.length >= SEARCHED_FROM && (
        <SearchBox
          className={styles.search}
          aria-label={t("search")}
          placeholder={t("search")}
          value={text}
          onChange={(_, { value }) => setText(value)}
        />
      )}
      <ul className={styles.list} aria-label={t("label")}>
        {choices.map((each) => (
          <SegmentRow
            key={each.name}
            choice={each}
            isChosen={draft.segments.includes(each.name)}
            onToggle={() => change({ segments: toggled(draft.segments, each.name) })}
          />
        ))}
        {choices.length === 0 && (
          <li className={styles.nothing}>{folders.length === 0 ? t("noneYet") : t("none", { text })}</li>
        )}
      </ul>
      <InvalidText errors={at(errors, "/segments")} />
      {draft.segments.length > 1 && chosen}
      {found.data.warnings.map((each) => (
        <Text key={each.code}>
          <Sentence sentence={each} />
        </Text>
      ))}
      <Warnings
        of={at(warnings, "/segments").filter((each) => !isShownInRow(each.pointer, draft.segments, choices))}
      />
    </div>
  );
}

/** Tell whether the row of a segment already says what is wrong with it. */
function isShownInRow(
  pointer: string | null,
  segments: readonly string[],
  choices: readonly SegmentChoice[],
): boolean {
  const name = segments[Number(pointer?.split("/")[2])];
  const row = choices.find((each) => each.name === name);
  return row !== undefined && (row.folder === null || row.folder.problem !== null);
}
