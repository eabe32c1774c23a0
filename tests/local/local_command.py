"""Runs a command of the laptop in a folder with settings of its own, as somebody runs it there."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECONDS = 120


def run_local(folder: Path, settings: Mapping[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    """Run ``python -m local`` with *words* in *folder*, whose ``local.settings.json`` has *settings*."""
    (folder / "host.json").write_text('{"version": "2.0"}')
    (folder / "local.settings.json").write_text(json.dumps({"Values": settings}))
    return subprocess.run(
        [sys.executable, "-m", "local", *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
