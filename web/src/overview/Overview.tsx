import { Link, makeStyles, Text, tokens } from "@fluentui/react-components";
import { CheckmarkCircleRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import type { Export } from "../api/exports";
import { healthQuery } from "../api/health";
import { useMe } from "../api/me";
import { Cure } from "../cures/Cure";
import { TextLink } from "../parts/actions/TextLink";
import { card } from "../parts/card";
import { SignedItem, SignedList } from "../parts/SignedList";
import { useSentence } from "../parts/sentences/sentences";
import { type Need, needsOf } from "./needs";

const FIRST = 3;
const SHOWN_NAMES = 3;
/** What is wrong, and not only odd. */
const BAD: ReadonlySet<Need["kind"]> = new Set(["health", "refused", "failed", "silent"]);

const useStyles = makeStyles({
  quiet: {
    display: "flex",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalSNudge,
    marginBlockEnd: tokens.spacingVerticalL,
    color: tokens.colorNeutralForeground3,
  },
  root: { ...card, rowGap: tokens.spacingVerticalM, marginBlockEnd: tokens.spacingVerticalXL },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 },
  words: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXXS,
    minWidth: 0,
    overflowWrap: "anywhere",
  },
  good: { flexShrink: 0, fontSize: "20px" },
  name: { fontWeight: tokens.fontWeightSemibold },
});

/** What needs a person now, each with what the app says of it, what to do, and a way there. */
export function Overview({ all }: { all: readonly Export[] }) {
  const t = useTranslations("exports.overview");
  const styles = useStyles();
  const id = useId();
  const me = useMe();
  const health = useQuery({ ...healthQuery, enabled: me.may.includes("get_health_details") });
  const [isWhole, setWhole] = useState(false);
  const needs = needsOf(all, health.data ?? null, new Date());
  if (needs.length === 0) {
    // Whoever has no run yet has nothing that could go wrong.
    if (!all.some((each) => each.last_run)) return null;
    return (
      <Text className={styles.quiet}>
        <CheckmarkCircleRegular className={styles.good} aria-hidden />
        {t("nothing")}
      </Text>
    );
  }
  const shown = isWhole ? needs : needs.slice(0, FIRST);
  return (
    <section className={styles.root} aria-labelledby={id}>
      <h2 id={id} className={styles.title}>
        {t("title", { count: needs.length })}
      </h2>
      <SignedList>
        {shown.map((need) => (
          <Item key={need.key} need={need} />
        ))}
      </SignedList>
      {needs.length > FIRST && (
        <Link as="button" type="button" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {t(isWhole ? "fewer" : "all", { count: needs.length })}
        </Link>
      )}
    </section>
  );
}

function Item({ need }: { need: Need }) {
  const styles = useStyles();
  const say = useSentence();
  const isBad = BAD.has(need.kind);
  const name = useName(need);
  return (
    <SignedItem tone={isBad ? "bad" : "odd"}>
      <div className={styles.words}>
        <WayLink need={need} name={name} />
        <span>{say(need.sentence)}</span>
        <Cure of={need.cure} about={name} />
      </div>
    </SignedItem>
  );
}

/** The exports that it is about, or the part of the app. */
function useName({ kind, names }: Need): string {
  const t = useTranslations("exports");
  const checks = useTranslations("words.healthChecks");
  const check = names[0] as Parameters<typeof checks>[0];
  if (kind === "health" || kind === "note") return checks.has(check) ? checks(check) : check;
  const more = names.length - SHOWN_NAMES;
  return [...names.slice(0, SHOWN_NAMES), ...(more > 0 ? [t("more", { count: more })] : [])].join(", ");
}

function WayLink({ need: { way }, name }: { need: Need; name: string }) {
  const styles = useStyles();
  const { may } = useMe();
  if (way.to === "health")
    return (
      <TextLink to="/about" className={styles.name}>
        {name}
      </TextLink>
    );
  if (way.to === "connection" && may.includes("put_connection"))
    return (
      <TextLink
        to="/connections/$connectionId"
        params={{ connectionId: way.connectionId }}
        className={styles.name}
      >
        {name}
      </TextLink>
    );
  // Whoever may not change the connection sees what came of it.
  return (
    <TextLink
      to={way.to === "rows" ? "/exports/$exportId/runs/$runId/rows" : "/exports/$exportId/runs/$runId"}
      params={{ exportId: way.exportId, runId: way.runId }}
      className={styles.name}
    >
      {name}
    </TextLink>
  );
}
