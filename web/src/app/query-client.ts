import { QueryClient } from "@tanstack/react-query";
import { Problem } from "../api/problem";

/** A problem that may be over in a moment: no answer, or the app or its host has too much to do. */
function mayPass(error: Error): boolean {
  return error instanceof Problem && (error.status === 0 || error.status === 429 || error.status >= 502);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) => failures < 2 && mayPass(error),
      retryDelay: (failures) => Math.min(1000 * 2 ** failures, 8000),
      networkMode: "always",
    },
    mutations: { retry: false, networkMode: "always" },
  },
});
