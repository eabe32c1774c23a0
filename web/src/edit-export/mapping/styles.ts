import { makeStyles, type PositioningProps, tokens } from "@fluentui/react-components";

const NARROW = "@container (max-width: 44rem)";

/** Lists open below their field, or above it near the end of the window; never beside it, over other fields. */
export const POSITIONING: PositioningProps = { autoSize: "width", fallbackPositions: ["above-start"] };

/** How entries of the mapping are laid out: field, column, values; below each other where it is narrow. */
export const useEntryStyles = makeStyles({
  rows: { listStyleType: "none", margin: 0, padding: 0 },
  row: {
    display: "grid",
    gridTemplateColumns: "minmax(8rem, 3fr) minmax(11rem, 5fr) minmax(8rem, 5fr) 2rem",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalXXS,
    alignItems: "start",
    paddingBlock: tokens.spacingVerticalS,
    borderBlockEndWidth: tokens.strokeWidthThin,
    borderBlockEndStyle: "solid",
    borderBlockEndColor: tokens.colorNeutralStroke3,
    [NARROW]: {
      gridTemplateColumns: "minmax(0, 1fr) 2rem",
      rowGap: tokens.spacingVerticalXS,
      paddingBlock: tokens.spacingVerticalM,
    },
  },
  heads: {
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    paddingBlock: tokens.spacingVerticalXS,
    [NARROW]: { display: "none" },
  },
  name: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalS,
    minHeight: "32px",
    minWidth: 0,
    overflowWrap: "anywhere",
    [NARROW]: { gridColumnStart: 1, gridRowStart: 1, minHeight: "auto", alignSelf: "center" },
  },
  picker: { minWidth: 0, [NARROW]: { gridColumnStart: 1, gridColumnEnd: "span 2", gridRowStart: 2 } },
  messages: {
    gridColumnStart: 2,
    gridColumnEnd: "span 2",
    minWidth: 0,
    [NARROW]: { gridColumnStart: 1, gridRowStart: 4 },
  },
  details: {
    display: "flex",
    flexDirection: "column",
    justifyContent: "center",
    rowGap: tokens.spacingVerticalXS,
    minHeight: "32px",
    minWidth: 0,
    [NARROW]: { gridColumnStart: 1, gridColumnEnd: "span 2", gridRowStart: 3, minHeight: "auto" },
  },
  remove: { gridColumnStart: 4, gridRowStart: 1, [NARROW]: { gridColumnStart: 2, gridRowStart: 1 } },
  list: { maxHeight: "22rem" },
  extra: {
    gridColumnStart: 2,
    minWidth: 0,
    [NARROW]: { gridColumnStart: 1, gridColumnEnd: "span 2", gridRowStart: 5 },
  },
  wide: { width: "100%", minWidth: 0 },
  inline: { display: "flex", alignItems: "center", columnGap: tokens.spacingHorizontalXS },
  values: {
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
  },
  quiet: { color: tokens.colorNeutralForeground3 },
});
