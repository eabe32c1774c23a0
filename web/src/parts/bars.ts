import { tokens } from "@fluentui/react-components";

/** What narrows a list lies in a row above it. */
export const filterBar = {
  display: "flex",
  flexWrap: "wrap",
  alignItems: "flex-end",
  gap: tokens.spacingHorizontalM,
  marginBlockEnd: tokens.spacingVerticalL,
} as const;

/** What tells of a list as a whole lies in a quiet row below it. */
export const footBar = {
  display: "flex",
  flexWrap: "wrap",
  alignItems: "center",
  columnGap: tokens.spacingHorizontalL,
  rowGap: tokens.spacingVerticalS,
  marginBlockStart: tokens.spacingVerticalM,
  color: tokens.colorNeutralForeground3,
} as const;
