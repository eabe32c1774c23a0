import { Button, makeStyles, Spinner, Text, tokens, typographyStyles } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { connectionQuery, isWhole, type ReadConnection, trialQuery } from "../../api/connections";
import { Loading } from "../../app/Centered";
import { LinkButton } from "../../parts/actions/LinkButton";
import { TextLink } from "../../parts/actions/TextLink";
import { card } from "../../parts/card";
import { EmptyState } from "../../parts/EmptyState";
import { ProblemView } from "../../parts/ProblemView";
import { KeyForm } from "../key/KeyForm";
import { nameOf } from "../list/shown-connections";
import { TrialPanel } from "../trial/TrialPanel";
import { StepList } from "./StepList";

const useStyles = makeStyles({
  root: {
    ...card,
    rowGap: tokens.spacingVerticalL,
    maxWidth: "60rem",
    boxSizing: "border-box",
    overflowWrap: "anywhere",
  },
  title: { ...typographyStyles.subtitle1, margin: 0, ":focus": { outlineStyle: "none" } },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
});

/** The last step: the connection *id* is saved, and is tested; what fails can be mended here. */
export function TestStep({ id }: { id: string }) {
  const t = useTranslations("connect");
  const read = useQuery(connectionQuery(id));
  const leave = <TextLink to="/connections">{t("toConnections")}</TextLink>;
  if (read.error && !read.data) {
    return (
      <>
        <ProblemView problem={read.error} retry={() => void read.refetch()} />
        <EmptyState action={leave}>{t("test.gone")}</EmptyState>
      </>
    );
  }
  if (!read.data) return <Loading />;
  return <Test read={read.data} />;
}

function Test({ read }: { read: ReadConnection }) {
  const t = useTranslations("connect.test");
  const connections = useTranslations("connections.one.test");
  const styles = useStyles();
  const { shown, etag } = read;
  const [isChangingKey, setChangingKey] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const trial = useQuery(trialQuery(shown.id));
  if (!isWhole(shown)) return null;
  const isUsable = trial.data?.is_usable === true && !trial.isFetching;
  const params = { connectionId: shown.id };
  return (
    <>
      <StepList at="test" isDone={isUsable} />
      <section className={styles.root} aria-labelledby="test-step">
        <h2 ref={heading} tabIndex={-1} id="test-step" className={styles.title}>
          {isUsable ? t("ready", { name: nameOf(shown) }) : t("title", { name: nameOf(shown) })}
        </h2>
        <div aria-live="polite">
          {trial.isFetching ? (
            <Spinner label={t("trying")} labelPosition="after" size="small" />
          ) : (
            <Text>{t(isUsable ? "readyIntro" : "saved")}</Text>
          )}
        </div>
        {isChangingKey ? (
          <KeyForm
            whole={shown}
            etag={etag}
            onDone={() => setChangingKey(false)}
            onCancel={() => setChangingKey(false)}
          />
        ) : (
          <>
            <TrialPanel whole={shown} etag={etag} trial={trial} onKey={() => setChangingKey(true)} />
            <div className={styles.actions}>
              {isUsable ? (
                <>
                  <LinkButton to="/exports/new" search={{ connection: shown.id }} appearance="primary">
                    {t("addExport")}
                  </LinkButton>
                  <LinkButton to="/connections/$connectionId" params={params}>
                    {t("toConnection")}
                  </LinkButton>
                </>
              ) : (
                <>
                  <Button disabledFocusable={trial.isFetching} onClick={() => void trial.refetch()}>
                    {connections("again")}
                  </Button>
                  <LinkButton to="/connections/$connectionId" params={params} appearance="subtle">
                    {t("finishLater")}
                  </LinkButton>
                </>
              )}
            </div>
          </>
        )}
      </section>
    </>
  );
}
