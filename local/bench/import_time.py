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
AIM_SECONDS = 0.5
_PROGRAM = """
import sys, time
sys.path.insert(0, sys.argv[1])
started = time.perf_counter()
import function_app
print(time.perf_counter() - started)
"""


def measure() -> Figure:
    """Return the median of several imports, each in its own process."""
    with tempfile.TemporaryDirectory() as place:
        times = [_seconds(_unpacked(Path(place) / str(turn))) for turn in range(ROUNDS)]
    median = statistics.median(times)
    return Figure(
        "import of function_app, as deployed",
        f"{median:.2f} s",
        f"{min(times):.2f} to {max(times):.2f} s",
        f"under {AIM_SECONDS} s",
        median < AIM_SECONDS,
    )


def _unpacked(folder: Path) -> Path:
    """Return a new folder with the unpacked package; its modules are not compiled yet, as after a deployment."""
    folder.mkdir()
    build(ROOT, folder / "package.zip")
    with zipfile.ZipFile(folder / "package.zip") as package:
        package.extractall(folder / "app")
    return folder / "app"


def _seconds(app: Path) -> float:
    done = subprocess.run(
        [sys.executable, "-I", "-c", _PROGRAM, app], cwd=app, capture_output=True, check=True, text=True
    )
    return float(done.stdout)
