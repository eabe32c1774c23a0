export const STEPS = ["name", "key", "consent", "test"] as const;
export type Step = (typeof STEPS)[number];

/** What the address of the wizard says: the step, and the id of the connection once it is saved. */
export type ConnectSearch = { step?: Step; id?: string };

export function readConnectSearch(search: Record<string, unknown>): ConnectSearch {
  const { step, id } = search;
  const known = STEPS.find((each) => each === step);
  return {
    ...(known && known !== "name" ? { step: known } : {}),
    // The router reads `?id=2026` as a number.
    ...((typeof id === "string" || typeof id === "number") && id !== "" ? { id: String(id) } : {}),
  };
}
