"""What many tests share: a storage emulator."""

import asyncio
from collections.abc import Iterator

import pytest

from local.azurite import azurite as running_azurite
from local.processes import LocalProblem


@pytest.fixture(scope="session")
def azurite() -> Iterator[str]:
    """Yield the connection string of an Azurite for the whole session; skip, with the reason, where it cannot run.

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
