"""A place to run the scripts of delivery in."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.deployment.scripts import AZ, GH, Server, Stage, serving


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in (("az", AZ), ("gh", GH)):
        (programs / name).write_text(text, encoding="utf-8")
        (programs / name).chmod(0o700)
    server = Server()
    async with serving(server, tmp_path / "ca.pem"):
        environment = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "CURL_CA_BUNDLE": str(tmp_path / "ca.pem"),
            "AZ_ASKED": str(tmp_path / "asked"),
            "AZ_SCM": server.address.removeprefix("https://"),
            "PUBLISH_PAUSE": "0",
            "PUBLISH_RETRIES": "1",
            "SMOKE_PAUSE": "1",
        }
        yield Stage(server, environment, tmp_path)
