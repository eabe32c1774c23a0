import {
  type ConnectionWish,
  type ReadConnection,
  useSaveConnection,
  type WholeConnection,
} from "../../api/connections";
import { Problem } from "../../api/problem";

/** Return what is sent to change *shown*: what nobody changes stays as it is, also its consent. */
export function wishOver(shown: WholeConnection, changes: Partial<ConnectionWish>): ConnectionWish {
  return {
    display_name: shown.display_name,
    shared_with: shown.shared_with,
    secret_name: shown.secret_name,
    ...changes,
  };
}

/** Tell whether *error* says that somebody else has changed the connection meanwhile. */
export function isConflict(error: Error | null): boolean {
  return error instanceof Problem && error.status === 412;
}

/** Save changes of a connection over the version that was read. */
export function useChange(whole: WholeConnection, etag: string) {
  const save = useSaveConnection();
  return {
    change: (
      changes: Partial<ConnectionWish>,
      after: { onSuccess?: (read: ReadConnection) => void; onError?: (error: Error) => void } = {},
    ) => save.mutate({ id: whole.id, wish: wishOver(whole, changes), etag }, after),
    isBusy: save.isPending,
    error: save.error,
    forget: () => save.error && save.reset(),
  };
}
