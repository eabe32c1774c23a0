"""Measures how long a cold start imports the app's code, from exactly the files that are deployed."""

import statistics
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from local.bench.table import Figure
from local.package import ROOT, build

ROUNDS = 7
AIM_SECONDS = 0.4
_PROGRAM = """
import sys, time
sys.path.insert(0, sys.argv[1])
started = time.perf_counter()
import function_app
print(time.perf_counter() - started)
"""


def measure() -> Figure:
    """Return the median of several imports, each in its own process, with the compiled files and without, in turns."""
    with tempfile.TemporaryDirectory() as place:
        compiled = unpacked(Path(place) / "compiled")
        pairs = [
            (_seconds(compiled), _seconds(unpacked(Path(place) / str(turn), with_compiled=False)))
            for turn in range(ROUNDS)
        ]
    times, of_sources = ([pair[side] for pair in pairs] for side in (0, 1))
    median = statistics.median(times)
    return Figure(
        "import of function_app, as deployed",
        f"{median:.2f} s ({min(times):.2f} to {max(times):.2f})",
        f"{statistics.median(of_sources):.2f} s without compiled files",
        f"at most {AIM_SECONDS} s",
        median <= AIM_SECONDS,
    )


def unpacked(folder: Path, *, with_compiled: bool = True) -> Path:
    """Return the package, unpacked into the new *folder*; compiled by this Python, as that for Azure is by Azure's."""
    folder.mkdir()
    build(ROOT, folder / "package.zip", with_compiled=with_compiled)
    with zipfile.ZipFile(folder / "package.zip") as package:
        package.extractall(folder / "app")
    return folder / "app"


def _seconds(app: Path) -> float:
    done = subprocess.run(
        [sys.executable, "-I", "-c", _PROGRAM, app], cwd=app, capture_output=True, check=True, text=True
    )
    return float(done.stdout)
