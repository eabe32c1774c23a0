"""A place to run the scripts of delivery in."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.deployment.scripts import AZ, Server, Stage, serving


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    az = tmp_path / "bin" / "az"
    az.parent.mkdir()
    az.write_text(AZ, encoding="utf-8")
    az.chmod(0o700)
    server = Server()
    async with serving(server, tmp_path / "ca.pem"):
        environment = {
            "PATH": f"{az.parent}:{os.environ['PATH']}",
            "CURL_CA_BUNDLE": str(tmp_path / "ca.pem"),
            "AZ_ASKED": str(tmp_path / "asked"),
            "AZ_SCM": server.address.removeprefix("https://"),
            "PUBLISH_PAUSE": "0",
            "PUBLISH_RETRIES": "1",
            "SMOKE_PAUSE": "1",
        }
        yield Stage(server, environment, tmp_path)
