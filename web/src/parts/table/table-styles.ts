import { makeStyles, tokens } from "@fluentui/react-components";
import { NARROW } from "./narrow";
import { UNSEEN } from "./unseen";

/** The table of exports; on a narrow window each row is a card. */
export const useTableStyles = makeStyles({
  table: {
    width: "100%",
    tableLayout: "fixed",
    borderCollapse: "separate",
    borderSpacing: 0,
    backgroundColor: tokens.colorNeutralBackground1,
    borderRadius: tokens.borderRadiusLarge,
    boxShadow: tokens.shadow2,
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    [NARROW]: { display: "block", backgroundColor: "transparent", boxShadow: "none" },
  },
  head: {
    [NARROW]: UNSEEN,
  },
  body: { [NARROW]: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM } },
  heading: {
    textAlign: "start",
    fontWeight: tokens.fontWeightRegular,
    paddingBlock: tokens.spacingVerticalXS,
    paddingInline: tokens.spacingHorizontalM,
    color: tokens.colorNeutralForeground3,
    ":first-child": { paddingInlineStart: tokens.spacingHorizontalL },
  },
  sort: {
    minWidth: 0,
    paddingInline: tokens.spacingHorizontalXS,
    marginInlineStart: `calc(-1 * ${tokens.spacingHorizontalXS})`,
    fontWeight: tokens.fontWeightRegular,
    color: tokens.colorNeutralForeground3,
    textAlign: "start",
    justifyContent: "flex-start",
  },
  sorted: { color: tokens.colorNeutralForeground1, fontWeight: tokens.fontWeightSemibold },
  row: {
    ":hover": { backgroundColor: tokens.colorSubtleBackgroundHover },
    [NARROW]: {
      display: "grid",
      gridTemplateColumns: "1fr 1fr",
      columnGap: tokens.spacingHorizontalM,
      rowGap: tokens.spacingVerticalM,
      padding: tokens.spacingHorizontalL,
      backgroundColor: tokens.colorNeutralBackground1,
      borderRadius: tokens.borderRadiusLarge,
      boxShadow: tokens.shadow2,
      ":hover": { backgroundColor: tokens.colorNeutralBackground1 },
    },
  },
  cell: {
    verticalAlign: "top",
    textAlign: "start",
    paddingBlock: tokens.spacingVerticalM,
    paddingInline: tokens.spacingHorizontalM,
    overflowWrap: "anywhere",
    borderBlockStartWidth: tokens.strokeWidthThin,
    borderBlockStartStyle: "solid",
    borderBlockStartColor: tokens.colorNeutralStroke2,
    ":first-child": { paddingInlineStart: tokens.spacingHorizontalL },
    [NARROW]: {
      display: "block",
      minWidth: 0,
      paddingBlock: 0,
      paddingInline: 0,
      borderBlockStartStyle: "none",
      ":first-child": { paddingInlineStart: 0 },
    },
  },
  whole: { [NARROW]: { gridColumnStart: 1, gridColumnEnd: -1 } },
  label: {
    display: "none",
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    [NARROW]: { display: "block" },
  },
  foot: { marginBlockStart: tokens.spacingVerticalM, color: tokens.colorNeutralForeground3 },
  unseen: UNSEEN,
  name: { fontWeight: tokens.fontWeightSemibold },
  quiet: {
    display: "block",
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
  lines: {
    display: "flex",
    flexDirection: "column",
    alignItems: "flex-start",
    rowGap: tokens.spacingVerticalXS,
  },
  actions: {
    display: "flex",
    justifyContent: "flex-end",
    whiteSpace: "nowrap",
    columnGap: tokens.spacingHorizontalXS,
    [NARROW]: { justifyContent: "flex-start" },
  },
});

/** The roles that the elements of a table have anyhow, until a narrow window lays them out as blocks and grids. */
export const AS = {
  table: { role: "table" },
  group: { role: "rowgroup" },
  row: { role: "row" },
  cell: { role: "cell" },
} as const;
