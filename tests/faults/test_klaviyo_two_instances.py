"""Two exports at the same time, over two accounts or one, worked on by one instance of the app or by two."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from local.klaviyo.account.accounts import Account
from local.klaviyo.account.lists import ProfileList
from shared.domain.runs.progress import ACCOUNT_BUSY
from shared.domain.runs.run import RunStatus
from shared.pipeline.leg.run_leg import run_leg
from shared.pipeline.resources import Resources
from tests.builders import checked, connection_document
from tests.fakes.secrets import MemorySecrets
from tests.fakes.sink import LIST, SECRET
from tests.faults.real_klaviyo import ACCOUNT, IMPORTS, KEY, KlaviyoWorld, good, klaviyo_world, rows

OTHER_SECRET, OTHER_KEY, OTHER_ACCOUNT, OTHER_LIST = "klaviyo-other", "pk_other", "DeF456", "Gold01"
SCOPES = ["accounts:read", "lists:read", "lists:write", "profiles:read", "profiles:write"]
BATCHES = 40
PEOPLE = good(10 * BATCHES)


@asynccontextmanager
async def two_exports(*, over_one_account: bool) -> AsyncIterator[KlaviyoWorld]:
    """Open a world with two exports, each over a connection with a key of its own."""
    lists = [ProfileList(LIST, "VIP newsletter"), ProfileList(OTHER_LIST, "Gold")]
    keys = {KEY: SCOPES, OTHER_KEY: SCOPES}
    accounts = (
        [Account(ACCOUNT, keys=keys, lists=lists)]
        if over_one_account
        else [
            Account(ACCOUNT, keys={KEY: SCOPES}, lists=lists[:1]),
            Account(OTHER_ACCOUNT, keys={OTHER_KEY: SCOPES}, lists=lists[1:]),
        ]
    )
    secrets = MemorySecrets({SECRET: KEY, OTHER_SECRET: OTHER_KEY})
    async with klaviyo_world({"vip/1.ndjson": rows(PEOPLE)}, accounts=accounts, secrets=secrets) as world:
        other_id = ACCOUNT if over_one_account else OTHER_ACCOUNT
        connection = connection_document(id="other", secret_name=OTHER_SECRET, account_id=other_id)
        world.documents.put("connections/other.json", connection)
        world.put_export(id="gold", connection_id="other", list_id=OTHER_LIST)
        yield world


def next_instance(world: KlaviyoWorld) -> Resources:
    """Return what an instance works with that knows nothing of what the one before knew."""
    world.move()
    for secret, account in ((OTHER_SECRET, ACCOUNT), (OTHER_SECRET, OTHER_ACCOUNT)):
        world.resources.sinks(secret, account).max_profiles = 10
    return world.resources


@pytest.mark.parametrize("instances", [1, 2])
async def test_two_exports_over_two_accounts_run_side_by_side(instances: int) -> None:
    async with two_exports(over_one_account=False) as world:
        first, second = [await world.start(export) for export in ("vip", "gold")]
        one = next_instance(world)
        other = next_instance(world) if instances == 2 else one
        began = world.clock.monotonic()
        await asyncio.gather(run_leg(first, one), run_leg(second, other))
        seconds = world.clock.monotonic() - began
        assert [len(account.jobs.all) for account in world.simulator.accounts] == [BATCHES, BATCHES]
        await world.go()
        assert world.answers() == {"202": 2 * BATCHES}
        for run in (world.run(first), world.run(second)):
            assert (checked(run).status, run.tally.accepted) == (RunStatus.SUCCEEDED, len(PEOPLE))
    assert seconds < 1.5 * BATCHES / 10 + 2.0  # one after the other they would take twice the time


@pytest.mark.parametrize("instances", [1, 2])
async def test_two_exports_over_one_account_take_turns_at_its_pace(instances: int) -> None:
    async with two_exports(over_one_account=True) as world:
        first, second = [await world.start(export) for export in ("vip", "gold")]
        one = next_instance(world)
        other = next_instance(world) if instances == 2 else one
        leg = asyncio.create_task(run_leg(first, one))
        await world.clock.advance(1.0)
        assert await run_leg(second, other) == []
        waiting = world.run(second).waiting
        assert waiting
        assert waiting.reason == ACCOUNT_BUSY
        assert second in await leg
        await run_leg(second, other)
        await world.go()
        for run in (world.run(first), world.run(second)):
            assert (checked(run).status, run.tally.accepted) == (RunStatus.SUCCEEDED, len(PEOPLE))
        into = [job.list_id for job in world.jobs()]
        assert into == [LIST] * BATCHES + [OTHER_LIST] * BATCHES
        answers = world.answers()
        assert answers.pop("202") == 2 * BATCHES
        assert sum(answers.values()) <= instances - 1  # another instance finds out what is left by asking
        assert world.simulator.document()["most_in_a_second"][IMPORTS] <= 10 + sum(answers.values())
