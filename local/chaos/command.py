"""``python -m local chaos``: hosts die at random moments, and no row is lost."""

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from random import SystemRandom

from local.chaos.play import play
from local.chaos.report import complaints, report
from local.chaos.scenario import long_form, short_form

KILLS = 20
_SEEDS = 100_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.description = (
        "Run exports with bad rows and duplicates on a storage, a Klaviyo that misbehaves and two functions hosts; "
        "kill the hosts at random moments, meddle with the queue, and compare every row with the truth."
    )
    parser.add_argument("--seed", type=int, help="the same draws again, though not the same moments (default: any)")
    parser.add_argument(
        "--kills",
        type=_count,
        default=KILLS,
        help="how often a host shall die with a leg at work (default: %(default)s)",
    )
    parser.add_argument(
        "--short", action="store_true", help="half a minute, with a few deaths (--kills does not count)"
    )
    parser.add_argument("--logs", type=Path, metavar="FOLDER", help="keep there what the hosts say")


async def run(arguments: argparse.Namespace) -> int:
    """Play it and print what came of it; 0 only if nothing was lost, invented or counted wrongly."""
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
    """Return what keeps the lines of each host in a file of its own in *folder*, if there is one."""
    if folder is None:
        return lambda _name, _line: None
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: stack.enter_context((folder / f"{name}.log").open("w")) for name in ("A", "B")}
    return lambda name, line: print(line, file=files[name], flush=True)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"it is a whole number from 1 on, not '{text}'")
    return int(text)
