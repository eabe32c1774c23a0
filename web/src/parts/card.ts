import { tokens } from "@fluentui/react-components";

/** How a part of a screen stands out from the page: its rows lie on a card. */
export const card = {
  display: "flex",
  flexDirection: "column",
  padding: tokens.spacingHorizontalXXL,
  backgroundColor: tokens.colorNeutralBackground1,
  borderRadius: tokens.borderRadiusLarge,
  boxShadow: tokens.shadow2,
  "@media (max-width: 40rem)": { padding: tokens.spacingHorizontalL },
} as const;
