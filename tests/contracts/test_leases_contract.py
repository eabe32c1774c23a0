"""What whoever uses `Leases` may count on, of the fake and of blob storage alike."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest
from azure.storage.blob.aio import BlobLeaseClient

from shared.adapters.azure.leases import BlobLeases
from shared.ports import Lease, Leases
from tests.contracts.azure_storage import container
from tests.fakes.clock import FakeClock
from tests.fakes.leases import MemoryLeases

NAME = "runs/vip/20261123t060000z-0001"


@dataclass(frozen=True)
class Rivals:
    """Leases seen by two processes, and how the one that has a lease loses it: as if it had run out."""

    ours: Leases
    theirs: Leases
    let_run_out: Callable[[str], Awaitable[None]]


@pytest.fixture(params=["memory", "azure"])
def connection_string(request: pytest.FixtureRequest) -> str | None:
    return request.getfixturevalue("azurite") if request.param == "azure" else None


@pytest.fixture
async def rivals(connection_string: str | None) -> AsyncIterator[Rivals]:
    if connection_string is None:
        clock = FakeClock()
        memory = MemoryLeases(clock)
        yield Rivals(memory, memory, lambda _name: clock.advance(60))
        return
    async with container(connection_string) as (service, made):

        async def break_off(name: str) -> None:
            # A minute cannot pass in a test; a lease that was broken is as free as one that ran out.
            await BlobLeaseClient(made.get_blob_client(f"leases/{name}")).break_lease(lease_break_period=0)

        yield Rivals(BlobLeases(service, made.container_name), BlobLeases(service, made.container_name), break_off)


async def taken(leases: Leases, name: str = NAME) -> Lease:
    lease = await leases.take(name)
    assert lease is not None
    return lease


async def test_a_lease_that_nobody_has_is_taken_and_then_busy_for_everybody(rivals: Rivals) -> None:
    await taken(rivals.ours)
    assert await rivals.theirs.take(NAME) is None
    assert await rivals.ours.take(NAME) is None


async def test_one_of_many_who_take_a_lease_at_once_gets_it(rivals: Rivals) -> None:
    tries = await asyncio.gather(*(leases.take(NAME) for leases in (rivals.ours, rivals.theirs) * 4))
    assert sum(lease is not None for lease in tries) == 1


async def test_leases_of_different_names_are_apart(rivals: Rivals) -> None:
    await taken(rivals.ours, "accounts/AbC123")
    await taken(rivals.theirs, "accounts/AbC124")
    await taken(rivals.theirs, "runs/AbC123")


async def test_a_lease_that_is_held_is_renewed(rivals: Rivals) -> None:
    lease = await taken(rivals.ours)
    assert await lease.renew()
    assert await lease.renew()
    assert await rivals.theirs.take(NAME) is None


async def test_a_lease_that_was_let_go_of_is_free(rivals: Rivals) -> None:
    await (await taken(rivals.ours)).release()
    await taken(rivals.theirs)


async def test_a_lease_that_ran_out_is_free_and_lost_once_somebody_has_it(rivals: Rivals) -> None:
    lease = await taken(rivals.ours)
    await rivals.let_run_out(NAME)
    theirs = await taken(rivals.theirs)
    assert not await lease.renew()
    assert not await lease.renew()
    assert await theirs.renew()


async def test_who_lost_a_lease_cannot_let_go_of_it_for_its_successor(rivals: Rivals) -> None:
    lease = await taken(rivals.ours)
    await rivals.let_run_out(NAME)
    theirs = await taken(rivals.theirs)
    await lease.release()
    assert await rivals.ours.take(NAME) is None
    assert await theirs.renew()


async def test_a_lease_that_was_let_go_of_is_not_renewed(rivals: Rivals) -> None:
    lease = await taken(rivals.ours)
    await lease.release()
    assert not await lease.renew()


async def test_a_lease_is_free_before_it_was_taken_and_after_it_was_let_go_of_or_ran_out(rivals: Rivals) -> None:
    assert await rivals.theirs.is_free(NAME)
    lease = await taken(rivals.ours)
    assert not await rivals.theirs.is_free(NAME)
    assert not await rivals.ours.is_free(NAME)
    await lease.release()
    assert await rivals.theirs.is_free(NAME)
    await taken(rivals.ours)
    await rivals.let_run_out(NAME)
    assert await rivals.theirs.is_free(NAME)


async def test_letting_go_twice_does_no_harm(rivals: Rivals) -> None:
    lease = await taken(rivals.ours)
    await lease.release()
    await lease.release()


async def test_what_keeps_a_lease_is_cleared_away_and_it_can_be_taken_again(rivals: Rivals) -> None:
    await (await taken(rivals.ours)).release()
    await rivals.theirs.forget(NAME)
    await rivals.theirs.forget(NAME)
    await taken(rivals.ours)


async def test_a_lease_that_somebody_has_is_not_forgotten(rivals: Rivals) -> None:
    lease = await taken(rivals.ours)
    await rivals.theirs.forget(NAME)
    assert await rivals.theirs.take(NAME) is None
    assert await lease.renew()


async def test_a_lease_whose_keeping_was_cleared_away_is_lost(rivals: Rivals) -> None:
    lease = await taken(rivals.ours)
    await rivals.let_run_out(NAME)
    await rivals.theirs.forget(NAME)
    assert not await lease.renew()
    await lease.release()
