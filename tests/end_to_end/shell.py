"""Plays commands of the documents as one script of bash."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

PATIENCE = 120.0
"""Seconds that the commands may take before the test fails."""


async def play(script: str, *, folder: Path, environment: Mapping[str, str], typed: str = "") -> str:
    """Run *script* in *folder*, with *typed* at the keyboard; return what it said, once it has ended well."""
    bash = await asyncio.create_subprocess_exec(
        *("bash", "-c", f"set -euo pipefail\n{script}"),
        cwd=folder,
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            said, _ = await bash.communicate(typed.encode())
    finally:
        if bash.returncode is None:
            bash.kill()
            await bash.wait()
    assert bash.returncode == 0, said.decode()
    return said.decode()
