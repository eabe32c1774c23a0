import { useRef } from "react";
import { newIdempotencyKey } from "./client";
import { useStartRun } from "./exports";
import { type Problem, problemWithoutAnswer } from "./problem";
import type { Run } from "./runs";

/**
 * Start a run of an export at a click.
 *
 * A second click while the first is under way is the same click. Without an answer the run may have started, so the
 * next click asks for the same one.
 */
export function useStartAtClick() {
  const start = useStartRun();
  const key = useRef<string | null>(null);
  const click = (id: string, then: { started: (run: Run) => void; failed: (problem: Problem) => void }) => {
    if (start.isPending) return;
    key.current ??= newIdempotencyKey();
    start.mutate(
      { id, key: key.current },
      {
        onSuccess: (run) => {
          key.current = null;
          then.started(run);
        },
        onError: (error) => {
          const problem = problemWithoutAnswer(error);
          if (problem.status !== 0 && problem.status < 500) key.current = null;
          then.failed(problem);
        },
      },
    );
  };
  return { click, isPending: start.isPending };
}
