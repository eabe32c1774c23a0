"""How long a cold start has to wait for the app's own code."""

import statistics
import subprocess
import sys

from local.bench.table import Figure

ROUNDS = 7
AIM_SECONDS = 0.5
_PROGRAM = "import time; started = time.perf_counter(); import function_app; print(time.perf_counter() - started)"


def measure() -> Figure:
    """Return the median of several imports, each in a process of its own."""
    times = [_seconds() for _ in range(ROUNDS)]
    median = statistics.median(times)
    return Figure(
        "import of function_app",
        f"{median:.2f} s",
        f"{min(times):.2f} to {max(times):.2f} s",
        f"under {AIM_SECONDS} s",
        median < AIM_SECONDS,
    )


def _seconds() -> float:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, check=True, text=True)
    return float(done.stdout)
