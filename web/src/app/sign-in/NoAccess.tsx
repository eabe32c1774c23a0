import { Button } from "@fluentui/react-components";
import { LockClosedRegular } from "@fluentui/react-icons";
import { useTranslations } from "use-intl";
import type { Problem } from "../../api/problem";
import { EmptyState } from "../../parts/EmptyState";
import { Sentence } from "../../parts/sentences/Sentence";
import { Centered } from "../Centered";
import { leave } from "./leave";

/** Somebody is signed in who may do nothing here. */
export function NoAccess({ problem }: { problem: Problem }) {
  const t = useTranslations("shell");
  const signOut = <Button onClick={leave}>{t("signOut")}</Button>;
  return (
    <Centered>
      <main>
        <title>{`${t("noAccess")} · ${t("product")}`}</title>
        <EmptyState title={t("noAccess")} icon={<LockClosedRegular />} action={signOut}>
          <Sentence sentence={problem.sentence} />
        </EmptyState>
      </main>
    </Centered>
  );
}
