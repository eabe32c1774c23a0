import { makeStyles, tokens } from "@fluentui/react-components";

/** The colours of the outcomes, as the screen of a run has them; the table says the same without colour. */
export const useTones = makeStyles({
  accepted: { fill: tokens.colorStatusSuccessForeground3 },
  unchanged: { fill: tokens.colorNeutralForeground4 },
  duplicates: { fill: tokens.colorNeutralForeground3 },
  rejected: { fill: tokens.colorStatusDangerForeground3 },
  unconfirmed: { fill: tokens.colorStatusWarningForeground3 },
  failed: { fill: tokens.colorStatusDangerForeground1 },
});
