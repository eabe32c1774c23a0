import { makeStyles, Spinner, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";

const useStyles = makeStyles({
  root: {
    flexGrow: 1,
    display: "flex",
    alignItems: "center",
    justifyContent: "center",
    padding: tokens.spacingHorizontalL,
  },
});

/** Something in the middle of the window. */
export function Centered({ children }: { children: ReactNode }) {
  return <div className={useStyles().root}>{children}</div>;
}

export function Loading() {
  const t = useTranslations("shell");
  return (
    <Centered>
      <Spinner label={t("loading")} delay={300} />
    </Centered>
  );
}
