"""``python -m tests.generated_files``: reads files that were never read before, and measures hostile ones.

``--seed`` repeats files: the seed of each file that breaks a promise is printed.
"""

import argparse
import asyncio
import gc
import math
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from random import Random, SystemRandom

from tests.generated_files.holds import Meter, read_all
from tests.generated_files.hostile import hostile_files
from tests.generated_files.made import Made
from tests.generated_files.made_csv import made_csv
from tests.generated_files.made_json import made_json
from tests.generated_files.promises import broken_promises

INPUTS = 1_000_000
AT_ONCE = 500
MEGABYTES = 16
MOST_PAGES = 200
MOST_SECONDS = 0.05
"""So long a task may hold the event loop, in time of the processor."""
MOST_SHOWN = 10


@dataclass(slots=True)
class Figures:
    """What was read; mutable. *longest* is in seconds; *broken* has for each file its seed and what it breaks."""

    inputs: int = 0
    rows: int = 0
    refused: int = 0
    longest: float = 0.0
    broken: list[tuple[int, str]] = field(default_factory=list)

    def add(self, more: "Figures") -> None:
        """Add what was read beside."""
        self.inputs += more.inputs
        self.rows += more.rows
        self.refused += more.refused
        self.longest = max(self.longest, more.longest)
        self.broken += more.broken


def main() -> int:
    """Read and measure; 0 only if every promise is kept and no file holds the event loop too long."""
    parser = argparse.ArgumentParser(prog="python -m tests.generated_files", description=__doc__)
    parser.add_argument("--inputs", type=int, default=INPUTS, metavar="N", help="files (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(2**48), metavar="N", help="of the first")
    parser.add_argument(
        "--megabytes",
        type=int,
        default=MEGABYTES,
        metavar="N",
        help="of hostile files (default: %(default)s; 0: none)",
    )
    parser.add_argument("--minutes", type=float, default=math.inf, metavar="N", help="stop after so long")
    arguments = parser.parse_args()
    began = time.monotonic()
    with ProcessPoolExecutor(os.cpu_count(), initializer=gc.freeze) as processes:
        held = [*processes.map(longest_hold, hostiles(arguments.megabytes))]
        starts = range(arguments.seed, arguments.seed + arguments.inputs, AT_ONCE)
        ends = [min(start + AT_ONCE, arguments.seed + arguments.inputs) for start in starts]
        figures = Figures()
        for more in processes.map(read_some, starts, ends):
            figures.add(more)
            if time.monotonic() - began > 60 * arguments.minutes:
                processes.shutdown(cancel_futures=True)
                break
    for seed, broken in figures.broken[:MOST_SHOWN]:
        say(f"--seed {seed} --inputs 1: {broken}")
    too_long = [what for seconds, what in sorted(held, reverse=True) if seconds >= MOST_SECONDS]
    for what in too_long:
        say(f"Too long: {what}")
    if held:
        say(f"{len(held)} hostile files; the longest hold: {max(held)[1]}")
    say(
        f"{figures.inputs:,} inputs, {figures.rows:,} rows, {figures.refused:,} refused files, "
        f"{len(figures.broken):,} broken promises, longest step {figures.longest * 1000:.1f} ms, "
        f"in {time.monotonic() - began:.0f} s"
    )
    return 1 if figures.broken or too_long else 0


def say(text: str) -> None:
    """Print at once: it is looked at while it runs."""
    print(text, flush=True)  # noqa: T201 - a command talks to a person


def made(seed: int) -> tuple[Made, Random]:
    """Return the file of *seed*, and the draws that come after it."""
    random = Random(seed)  # noqa: S311 - made-up files are no secret
    return random.choice((made_csv, made_csv, made_json))(random), random


def read_some(first: int, end: int) -> Figures:
    """Read the files of the seeds from *first* up to *end*."""
    figures = Figures(inputs=end - first)
    for seed in range(first, end):
        try:
            found, broken = broken_promises(*made(seed))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a broken promise
            figures.broken.append((seed, repr(error)))
            continue
        figures.rows += len(found.rows)
        figures.refused += bool(found.refused)
        figures.longest = max(figures.longest, found.longest)
        if broken:
            figures.broken.append((seed, broken[0]))
    return figures


def hostiles(megabytes: int) -> Iterator[tuple[int, int]]:
    """Yield the size in bytes and the place of each hostile file."""
    for size in {megabytes * 1_000_000, 1_000_000} if megabytes else ():
        yield from ((size, place) for place, _ in enumerate(hostile_files(size)))


def longest_hold(which: tuple[int, int]) -> tuple[float, str]:
    """Return the longest hold by a hostile file in seconds of the processor, and in words."""
    size, place = which
    file = [*hostile_files(size)][place]
    data = file.make()
    meter = Meter(time.thread_time)
    rows = asyncio.run(read_all(file.name, data, meter, most_pages=MOST_PAGES))
    what = f"{meter.longest * 1000:.0f} ms at the {meter.where} of {file.name} with {file.what}"
    return meter.longest, f"{what} ({len(data):,} bytes, {rows:,} rows read)"


if __name__ == "__main__":
    sys.exit(main())
