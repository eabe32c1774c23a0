import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { connectionQuery } from "../api/connections";
import { Loading } from "../app/Centered";
import { OneConnection } from "./one/OneConnection";
import { Unreadable } from "./one/Unreadable";

/** One connection: everything about it, and what one can do with it. */
export function ConnectionScreen() {
  const { connectionId } = useParams({ from: "/connections/$connectionId" });
  const read = useQuery(connectionQuery(connectionId));
  if (read.data) return <OneConnection key={connectionId} read={read.data} />;
  if (read.error) {
    return <Unreadable id={connectionId} problem={read.error} retry={() => void read.refetch()} />;
  }
  return <Loading />;
}
