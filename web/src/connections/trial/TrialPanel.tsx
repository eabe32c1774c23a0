import type { UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";
import type { ConnectionCheck, WholeConnection } from "../../api/connections";
import { ProblemView } from "../../parts/ProblemView";
import { GiveDialog } from "../consent/GiveDialog";
import { AccountDialog, type OtherAccount } from "./AccountDialog";
import { TrialView } from "./TrialView";

/** What came of a test, with the dialogs that mend what is wrong; another key is asked for by *onKey*. */
export function TrialPanel(props: {
  whole: WholeConnection;
  etag: string;
  trial: UseQueryResult<ConnectionCheck, Error>;
  onKey: () => void;
}) {
  const { whole, etag, trial } = props;
  const [isGiving, setGiving] = useState(false);
  const [account, setAccount] = useState<OtherAccount | null>(null);
  const again = () => void trial.refetch();
  return (
    <>
      {trial.error && !trial.isFetching && <ProblemView problem={trial.error} retry={again} />}
      {trial.data && !trial.error && !trial.isFetching && (
        <TrialView
          id={whole.id}
          check={trial.data}
          cures={{
            onKey: props.onKey,
            onConsent: () => setGiving(true),
            onAccount: (found, expected) => setAccount({ found, expected }),
          }}
        />
      )}
      {isGiving && <GiveDialog whole={whole} etag={etag} close={() => setGiving(false)} onDone={again} />}
      {account && (
        <AccountDialog
          whole={whole}
          etag={etag}
          account={account}
          close={() => setAccount(null)}
          onDone={again}
        />
      )}
    </>
  );
}
