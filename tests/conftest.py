"""What many tests share: a storage emulator, and that the quick tests use nothing but their own process."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.azurite import azurite as running_azurite
from local.processes import LocalProblem
from tests.alone import alone

TESTS = Path(__file__).parent
QUICK = ("domain", "store", "pipeline", "control", "api", "fakes", "real_files")
"""The folders whose tests open no connection and start no process."""


@pytest.fixture(scope="session")
def azurite() -> Iterator[str]:
    """Yield the connection string of an Azurite for the whole session; skip, with the reason, where it cannot run.

    Tests that run side by side have an Azurite for each process of pytest, on free ports.
    Choose names of containers and queues that no other test uses.
    """
    # A loop of its own, as every test has its own; nothing needs it between start and stop, since Azurite is silent.
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        storage = running_azurite()
        try:
            started = runner.run(storage.__aenter__())
        except LocalProblem as problem:
            pytest.skip(str(problem))
        yield started.connection_string
        runner.run(storage.__aexit__(None, None, None))


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name what gzip has packed without its bytes: the time is among them, and all processes need the same names."""
    return "packed" if isinstance(val, bytes) and val.startswith(b"\x1f\x8b") else None


@pytest.fixture(autouse=True)
def quick_tests_are_alone(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.path.relative_to(TESTS).parts[0] in QUICK:
        with alone():
            yield
    else:
        yield
