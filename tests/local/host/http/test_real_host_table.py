"""The local host beside the real one, by the table of what was seen of that."""

import argparse
from pathlib import Path

import pytest

from local.conformance import command
from local.conformance.probe.function_app import app
from local.conformance.table import cases
from local.host.host import running_host
from local.host.http.keys import Keys
from local.host.settings import read_settings
from local.host.worker.inside import WorkerInside

PROBE = Path(command.__file__).parent / "probe"


async def test_this_host_does_as_the_real_one_was_seen_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    keys = Keys(function="f-key", master="m-key")
    async with running_host(WorkerInside(app), read_settings(PROBE, {}), "", guard=keys) as host:
        words = [host.url, "--key", keys.function, "--master", keys.master]
        code = await command.run(parser.parse_args(words))
    assert capsys.readouterr().out == f"{len(cases())} of {len(cases())} rows played, 0 differ.\n"
    assert code == 0
