"""``python -m tests.mutants [WORDS]``: the tests against deliberate faults; each must be caught.

With words, only the faults whose names hold one of them are tried.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.mutants.faults import MUTANTS
from tests.mutants.mutant import Mutant
from tests.mutants.trial import BaselineRed, Trial, Verdict, try_all

ROOT = Path(__file__).parents[2]


def main(words: Sequence[str], mutants: Sequence[Mutant] = MUTANTS, root: Path = ROOT) -> int:
    """Try the faults; 0 only if each was caught."""
    chosen = [mutant for mutant in mutants if not words or any(word in mutant.name for word in words)]
    if not chosen:
        say("No fault has a name with one of these words in it.")
        return 1
    width = max(len(mutant.name) for mutant in chosen)
    say(f"{len(chosen)} faults; first their tests without any.")
    began = time.monotonic()

    def tell(trial: Trial) -> None:
        say(f"{trial.verdict:<8}  {trial.mutant.name:<{width}}  {trial.seconds:5.1f} s  {trial.detail}".rstrip())

    try:
        trials = try_all(chosen, root, tell)
    except BaselineRed as red:
        say(f"{red}\nThe tests must be green, and none of them skipped, before faults can be looked for.")
        return 1
    caught = sum(trial.verdict is Verdict.CAUGHT for trial in trials)
    say(f"{caught} of {len(trials)} faults were caught, in {time.monotonic() - began:.0f} s.")
    for trial in trials:
        if trial.verdict is not Verdict.CAUGHT:
            say(f"{trial.mutant.name}: {_ADVICE[trial.verdict].format(file=trial.mutant.file)}")
    return 0 if caught == len(trials) else 1


def say(text: str) -> None:
    """Print at once: it is looked at while it runs."""
    print(text, flush=True)  # noqa: T201 - a command talks to a person


_ADVICE = {
    Verdict.SURVIVED: "no test notices it; write the one that is missing.",
    Verdict.CRASHED: "it only breaks the code; plant a fault that somebody could have written.",
    Verdict.HUNG: "its tests wait for ever, which proves nothing; plant a fault that they can judge.",
    Verdict.STALE: "plant it anew in {file}, or where the code has gone.",
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
