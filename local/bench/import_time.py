"""How long a cold start has to wait for the app's own code, from the files that are deployed and from nothing else."""

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
    """Return the median of several imports, each in a process of its own."""
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
    """Return a folder with the package in it, fresh, so that its modules are compiled as after a deployment."""
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
