import { useQuery, useQueryClient } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { use, useEffect } from "react";
import { meQuery } from "../api/me";
import { Problem } from "../api/problem";
import { useSession } from "../api/session";
import { ProblemView } from "../parts/ProblemView";
import { Centered, Loading } from "./Centered";
import { router } from "./routes";
import { NoAccess } from "./sign-in/NoAccess";
import { SignIn } from "./sign-in/SignIn";

/** The page: the sign-in, or else the screens. */
export function App({ settings }: { settings: Promise<void> }) {
  use(settings);
  const session = useSession();
  const queries = useQueryClient();
  const isOut = session.state === "out";
  useEffect(() => {
    if (isOut) queries.removeQueries({ predicate: (query) => query.queryKey[0] !== "messages" });
  }, [isOut, queries]);
  if (session.state === "out") return <SignIn why={session.why} />;
  return <SignedIn />;
}

function SignedIn() {
  const me = useQuery(meQuery);
  if (me.data) return <RouterProvider router={router} />;
  if (me.error instanceof Problem && me.error.status === 403) return <NoAccess problem={me.error} />;
  if (me.error) {
    return (
      <Centered>
        <ProblemView problem={me.error} retry={() => void me.refetch()} />
      </Centered>
    );
  }
  return <Loading />;
}
