"""What the instances of an app know together about a timer, on a real Azurite."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from local.host.settings import HostSettings
from local.host.timer_blobs import LEASE_SECONDS, BlobTimerRecord, HostBlobs
from tests.fakes.clock import FakeClock
from tests.local.host.desk import Desk

DUE = datetime(2026, 11, 28, 6, tzinfo=UTC)


@pytest.fixture
async def blobs(desk: Desk) -> AsyncIterator[HostBlobs]:
    blobs = HostBlobs(HostSettings(values={}), desk.storage, desk.name)
    await blobs.open()
    yield blobs
    await blobs.close()


def two(blobs: HostBlobs) -> tuple[BlobTimerRecord, BlobTimerRecord]:
    return blobs.timer("tick", FakeClock()), blobs.timer("tick", FakeClock())


async def test_one_instance_has_the_timer_until_it_lets_go(blobs: HostBlobs) -> None:
    one, other = two(blobs)
    assert await one.take()
    assert not await other.take()
    await one.release()
    assert await other.take()


async def test_an_instance_that_keeps_the_timer_hears_when_it_has_lost_it(blobs: HostBlobs, desk: Desk) -> None:
    clock = FakeClock()
    one, other = blobs.timer("tick", clock), blobs.timer("tick", FakeClock())
    assert await one.take()
    assert one._lease
    await one._lease.break_lease(0)  # as when it has run out
    assert await other.take()
    await one.keep()
    assert clock.slept == [LEASE_SECONDS / 2]


async def test_what_one_instance_notes_another_reads(blobs: HostBlobs) -> None:
    one, other = two(blobs)
    assert await other.due() is None
    await one.note(None, DUE)
    assert await other.due() == DUE
    await one.note(DUE, DUE.replace(hour=7))
    assert await other.due() == DUE.replace(hour=7)
