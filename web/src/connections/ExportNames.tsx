import { makeStyles, tokens } from "@fluentui/react-components";
import { useTranslations } from "use-intl";
import type { Export } from "../api/exports";

const SHOWN = 6;

const useStyles = makeStyles({
  root: { marginBlock: tokens.spacingVerticalXS, paddingInlineStart: tokens.spacingHorizontalXL },
});

/** The names of exports in a dialog; of many, the first ones. */
export function ExportNames({ of }: { of: readonly Export[] }) {
  const t = useTranslations("connections.one.removal");
  const styles = useStyles();
  const shown = of.length > SHOWN + 1 ? of.slice(0, SHOWN) : of;
  return (
    <ul className={styles.root}>
      {shown.map((each) => (
        <li key={each.id}>{each.display_name || each.id}</li>
      ))}
      {shown.length < of.length && <li>{t("more", { count: of.length - shown.length })}</li>}
    </ul>
  );
}
