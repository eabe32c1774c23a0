"""``python -m local chaos``: kills hosts at random moments and checks that no row is lost."""

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from random import SystemRandom

from local.chaos.play import play
from local.chaos.report import complaints, report
from local.chaos.scenario import HOSTS, long_form, short_form

KILLS = 20
_SEEDS = 100_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.description = (
        "Run exports of plain and hostile files, with bad rows and duplicates, against a storage emulator, a faulty "
        "Klaviyo simulator and two functions hosts. Kill the hosts at random moments, click twice, cancel runs, "
        "disturb the queue, and compare every row with its expected outcome."
    )
    parser.add_argument("--seed", type=int, help="repeat the draws of an earlier run, not its timing (default: any)")
    parser.add_argument(
        "--kills",
        type=_count,
        default=KILLS,
        help="how many kills must hit a host with a leg at work (default: %(default)s)",
    )
    parser.add_argument("--short", action="store_true", help="run half a minute with three kills; ignores --kills")
    parser.add_argument("--logs", type=Path, metavar="FOLDER", help="write the output of each host to this folder")


async def run(arguments: argparse.Namespace) -> int:
    """Play the scenario and print the report; return 0 only when no check found a problem."""
    seed = SystemRandom().randrange(_SEEDS) if arguments.seed is None else arguments.seed
    scenario = short_form(seed) if arguments.short else long_form(seed, arguments.kills)
    print(f"Seed {seed}", flush=True)
    with ExitStack() as stack:
        result = await play(scenario, say=_timed(), note=_notes(arguments.logs, stack))
    print()
    print("\n".join(report(result)))
    wrong = [*complaints(result, seed=seed)]
    if wrong:
        print("\n" + "\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


def _timed() -> Callable[[str], None]:
    started = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - started:>7.1f} s  {text}", flush=True)

    return say


def _notes(folder: Path | None, stack: ExitStack) -> Callable[[str, str], None]:
    """Return a function that writes the lines of each host to its own file in *folder*.

    Without a folder the function does nothing.
    """
    if folder is None:
        return lambda _name, _line: None
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: stack.enter_context((folder / f"{name}.log").open("w")) for name in HOSTS}
    return lambda name, line: print(line, file=files[name], flush=True)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"--kills takes a whole number from 1 on, not '{text}'")
    return int(text)
