import { Button, makeStyles, Spinner, tokens, typographyStyles } from "@fluentui/react-components";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import { card } from "../../parts/card";

const useStyles = makeStyles({
  root: {
    ...card,
    rowGap: tokens.spacingVerticalXL,
    maxWidth: "60rem",
    boxSizing: "border-box",
  },
  title: { ...typographyStyles.subtitle1, margin: 0, ":focus": { outlineStyle: "none" } },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
});

/** One step of the wizard: its question, its fields, and the ways back and on. */
export function StepFrame(props: {
  title: string;
  /** Whether the heading takes the focus: the first step leaves it to its field. */
  takesFocus?: boolean;
  children: ReactNode;
  next: string;
  busy: string | null;
  onBack?: () => void;
  onNext: () => void;
}) {
  const t = useTranslations("connect");
  const styles = useStyles();
  const heading = useRef<HTMLHeadingElement>(null);
  const { takesFocus = true } = props;
  useEffect(() => {
    if (takesFocus) heading.current?.focus();
  }, [takesFocus]);
  return (
    <form
      className={styles.root}
      noValidate
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        if (props.busy === null) props.onNext();
      }}
    >
      <h2 ref={heading} tabIndex={-1} className={styles.title}>
        {props.title}
      </h2>
      {props.children}
      <div className={styles.actions}>
        {props.onBack && <Button onClick={props.onBack}>{t("back")}</Button>}
        <Button
          type="submit"
          appearance="primary"
          disabledFocusable={props.busy !== null}
          {...(props.busy === null ? {} : { icon: <Spinner size="tiny" aria-hidden /> })}
        >
          {props.busy ?? props.next}
        </Button>
      </div>
    </form>
  );
}
