"""Plants faults in copies of the repository and lets the tests look for them."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

from tests.mutants.mutant import Mutant, Stale

AT_ONCE = 2
TEST_SECONDS = 30
"""A test that takes longer has failed by its timeout, which proves nothing: a fault must be seen, not waited for."""
RUN_SECONDS = 90
BASELINE_SECONDS = 300
PLUGINS = ("pytest_asyncio.plugin", "pytest_timeout", "xdist.plugin")
"""What the tests need of pytest's plugins; to look for all others takes a quarter of the time of a start."""
NODE_MODULES = Path("local", "node_modules")
_GREEN, _RED = 0, 1
_WHERE_AND_WHY = re.compile(r"^(FAILED|ERROR) (?! )(.+?)(?: - (.*))?$", re.MULTILINE)  # a log line has more blanks
_SKIPPED = re.compile(r"\b(\d+) skipped\b")
_BROKEN_CODE = re.compile(
    r"(?:\w+\.)*(?:AttributeError|ImportError|IndentationError|ModuleNotFoundError|NameError|SyntaxError|TypeError|"
    r"UnboundLocalError)\b"
)
"""What says that a fault is no code that somebody could have written, so that any test at all would notice it."""


class Verdict(StrEnum):
    """What became of a mutant; only the first is good."""

    CAUGHT = "caught"
    SURVIVED = "survived"
    CRASHED = "crashed"
    HUNG = "hung"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Trial:
    """What the tests made of a mutant; *detail* is the test that failed first, or what is wrong."""

    mutant: Mutant
    verdict: Verdict
    detail: str
    seconds: float = 0.0


class BaselineRed(Exception):
    """The tests fail without any fault; the message is what pytest said."""


def try_all(mutants: Sequence[Mutant], root: Path, say: Callable[[Trial], None]) -> list[Trial]:
    """Try every mutant of the repository at *root*, which stays as it is; *say* hears of each when it is done.

    Raises `BaselineRed` when the tests fail, or are skipped, without any fault.
    """
    with TemporaryDirectory(prefix="mutants-") as folder:
        trees = [Path(folder, str(number)) for number in range(AT_ONCE)]
        copy_repository(root, trees[0])
        _check_baseline(trees[0], dict.fromkeys(mutant.test for mutant in mutants))
        for tree in trees[1:]:
            shutil.copytree(trees[0], tree, symlinks=True)  # with what Python has compiled by now
        free: SimpleQueue[Path] = SimpleQueue()
        for tree in trees:
            free.put(tree)

        def in_a_free_tree(mutant: Mutant) -> Trial:
            tree = free.get()
            try:
                trial = try_one(mutant, tree)
            finally:
                free.put(tree)
            say(trial)
            return trial

        with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
            return list(pool.map(in_a_free_tree, mutants))


def try_one(mutant: Mutant, tree: Path, *, test_seconds: int = TEST_SECONDS) -> Trial:
    """Plant the fault in *tree*, let the tests look, each for *test_seconds* at most, and take it out again."""
    file = tree / mutant.file
    try:
        whole = file.read_text()
        broken = mutant.planted_in(whole)
    except (OSError, Stale) as error:
        return Trial(mutant, Verdict.STALE, str(error))
    times = file.stat()
    began = time.monotonic()
    try:
        file.write_text(broken)
        # Python compares whole seconds and the size: a fault must not pass for what was compiled before.
        os.utime(file, (times.st_atime, times.st_mtime + 10))
        verdict, detail = _verdict(_pytest(tree, [mutant.test], seconds=RUN_SECONDS, test_seconds=test_seconds))
    finally:
        file.write_text(whole)
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    return Trial(mutant, verdict, detail, time.monotonic() - began)


def copy_repository(root: Path, to: Path) -> None:
    """Copy the files that git knows, or would take, as they are now; node's packages are linked to."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    known = subprocess.run(listing, cwd=root, capture_output=True, text=True, check=True).stdout
    for name in filter(None, known.split("\0")):
        if (root / name).is_file() and not (root / name).is_symlink():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, to / name)
    packages = root / NODE_MODULES
    if packages.is_dir() and not (to / NODE_MODULES).exists():
        (to / NODE_MODULES).symlink_to(packages.resolve())


def _check_baseline(tree: Path, tests: Iterable[str]) -> None:
    done = _pytest(tree, tests, "-n", str(AT_ONCE), seconds=BASELINE_SECONDS, may_compile=True)
    if done is None:
        raise BaselineRed(f"The tests took longer than {BASELINE_SECONDS} s.")
    if done.returncode != _GREEN or _SKIPPED.search(done.stdout):
        raise BaselineRed(done.stdout + done.stderr)


def _pytest(
    tree: Path,
    tests: Iterable[str],
    *options: str,
    seconds: float,
    test_seconds: int = TEST_SECONDS,
    may_compile: bool = False,
) -> subprocess.CompletedProcess[str] | None:
    """Run *tests* in *tree* until the first one fails; return None when they take longer than *seconds*."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-rfEs",
        "--tb=short",
        "-p",
        "no:cacheprovider",
        *(f"-p{name}" for name in PLUGINS),
        f"--timeout={test_seconds}",
    ]
    environment = {
        **os.environ,
        "COLUMNS": "300",  # the reason of a failure on one line
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONDONTWRITEBYTECODE": "" if may_compile else "1",
    }
    try:
        return subprocess.run(
            [*command, *options, *tests],
            cwd=tree,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None


def _verdict(done: subprocess.CompletedProcess[str] | None) -> tuple[Verdict, str]:
    if done is None:
        return Verdict.HUNG, f"its tests took longer than {RUN_SECONDS} s"
    if done.returncode == _GREEN:
        return Verdict.SURVIVED, "some of its tests were skipped" if _SKIPPED.search(done.stdout) else ""
    found = _WHERE_AND_WHY.search(done.stdout)
    if found is None:
        return Verdict.CRASHED, f"pytest ended with {done.returncode}: {_last_line(done.stdout + done.stderr)}"
    kind, test, why = found[1], found[2], found[3] or ""
    if "from pytest-timeout" in why:
        return Verdict.HUNG, f"{test}: {why}"
    if done.returncode != _RED or kind == "ERROR" or _BROKEN_CODE.match(why):
        return Verdict.CRASHED, f"{test}: {why}"
    return Verdict.CAUGHT, test


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["nothing was said"])[-1]
