import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "./client";
import { Problem } from "./problem";
import type { components } from "./schema";

export type Checks = components["schemas"]["Checks"];

/** What the app found out about those whom it needs, for administrators. Where one does not work, the answer is a 503. */
export const healthQuery = queryOptions({
  queryKey: ["health"],
  queryFn: async ({ signal }): Promise<Checks["checks"]> => {
    try {
      return (await answered(api.GET("/health/details", { signal }))).checks;
    } catch (error) {
      const checks = error instanceof Problem && error.code === "unhealthy" ? error.more["checks"] : null;
      if (Array.isArray(checks)) return checks as Checks["checks"];
      throw error;
    }
  },
  refetchInterval: 60_000,
  retry: false,
});
