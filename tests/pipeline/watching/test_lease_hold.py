"""Holding a lease: how long it is trusted, and how the work under it ends when it is lost."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from shared.domain.errors import LeaseLost, Unavailable
from shared.pipeline.watching.lease_hold import Hold, holding
from tests.fakes.clock import FakeClock
from tests.fakes.leases import MemoryLeases

RUN = "runs/vip/1"
ACCOUNT = "accounts/AbC123"


class Desk:
    """A clock, leases, and what a block under a lease does; mutable."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.leases = MemoryLeases(self.clock)

    @asynccontextmanager
    async def held(self, name: str = RUN, *, since: float | None = None) -> AsyncIterator[Hold]:
        asked_at = self.clock.monotonic() if since is None else since
        lease = await self.leases.take(name)
        assert lease is not None
        async with holding(
            lease, self.clock, since=asked_at, what=name, loss=lambda: LeaseLost(f"The lease of {name} was lost.")
        ) as hold:
            yield hold

    def renewals_fail(self, name: str = RUN, *, times: int = 1_000, skip: int = 0) -> None:
        self.leases.faults.fail("renew", name, times=times, skip=skip)

    @property
    def renewals(self) -> int:
        return self.leases.faults.calls["renew"]

    async def lost_at(self, *, work: Callable[[], Awaitable[object]] | None = None) -> float:
        """Work under a lease until it is lost; return when that was."""
        with pytest.raises(LeaseLost, match="The lease of runs/vip/1 was lost"):
            async with self.held():
                await (work or asyncio.Event().wait)()
        return self.clock.monotonic()


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture(autouse=True)
async def nothing_is_left_running(desk: Desk) -> AsyncIterator[None]:
    """After each test nobody renews any more, and nobody sleeps."""
    yield
    assert asyncio.all_tasks() - {asyncio.current_task()} == set()
    assert desk.clock.sleepers == 0


async def test_a_lease_is_renewed_every_seven_seconds_and_let_go_of_at_the_end(desk: Desk) -> None:
    async with desk.held():
        await desk.clock.advance(6.9)
        assert desk.renewals == 0
        await desk.clock.advance(0.2)
        assert desk.renewals == 1
        await desk.clock.advance(350)
        assert desk.renewals == 51
        assert desk.leases.is_held(RUN)
    assert not desk.leases.is_held(RUN)
    await desk.clock.advance(60)
    assert desk.renewals == 51


async def test_a_renewal_that_is_under_way_has_ended_before_the_lease_is_let_go_of(desk: Desk) -> None:
    ended = []

    async def renew_slowly() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append(desk.leases.is_held(RUN))

    desk.leases.faults.when("renew", RUN, renew_slowly)
    async with desk.held():
        await desk.clock.advance(16)
        assert ended == []
    assert ended == [True]


async def test_a_block_that_fails_lets_go_of_its_lease_and_fails_as_it_did(desk: Desk) -> None:
    with pytest.raises(ArithmeticError):
        async with desk.held():
            raise ArithmeticError
    assert not desk.leases.is_held(RUN)


async def test_renewals_that_fail_for_a_while_do_not_matter(desk: Desk) -> None:
    async with desk.held() as hold:
        desk.renewals_fail(times=4)  # at 7, 9, 11 and 13 seconds
        await desk.clock.advance(14)
        assert desk.renewals == 4
        hold.check()
        await desk.clock.advance(600)
        hold.check()
        assert desk.leases.is_held(RUN)


async def test_a_lease_that_cannot_be_renewed_is_lost_20_seconds_after_it_was_taken(desk: Desk) -> None:
    desk.renewals_fail()
    assert await desk.lost_at() == 20
    assert desk.leases.is_held(RUN)  # for whoever comes next it still has 10 seconds to run
    assert desk.leases.faults.calls["release"] == 0


async def test_the_20_seconds_are_counted_from_the_start_of_the_last_good_renewal(desk: Desk) -> None:
    desk.leases.faults.when("renew", RUN, lambda: desk.clock.sleep(4), after=True)  # begins at 7, is known at 11
    desk.renewals_fail(skip=1)
    assert await desk.lost_at() == 7 + 20


async def test_the_20_seconds_are_counted_from_the_moment_the_lease_was_asked_for(desk: Desk) -> None:
    desk.renewals_fail()
    await desk.clock.advance(100)
    with pytest.raises(LeaseLost):
        async with desk.held(since=90):  # the answer took 10 seconds
            await asyncio.Event().wait()
    assert desk.clock.monotonic() == 90 + 20
    assert desk.renewals > 0


async def test_a_lease_whose_answer_took_long_is_renewed_at_once(desk: Desk) -> None:
    await desk.clock.advance(100)
    async with desk.held(since=90):
        await desk.clock.advance(1)
        assert desk.renewals == 1


@pytest.mark.parametrize("seconds", [0, 0.7, 2.3, 4.8, 5])
async def test_however_long_failing_renewals_take_the_work_ends_in_time(desk: Desk, seconds: float) -> None:
    async def slow_failure() -> None:
        await desk.clock.sleep(seconds)
        raise Unavailable("No answer.")

    for _ in range(100):
        desk.leases.faults.when("renew", RUN, slow_failure)
    assert await desk.lost_at() == 20


@pytest.mark.parametrize("seconds", [1, 8, 20])
async def test_a_lease_that_somebody_else_has_ends_the_work_at_the_next_renewal(desk: Desk, seconds: float) -> None:
    async def work() -> None:
        await desk.clock.sleep(seconds)
        desk.leases.hand_over(RUN)
        await asyncio.Event().wait()

    assert await desk.lost_at(work=work) == (seconds // 7 + 1) * 7
    assert desk.leases.is_held(RUN)
    assert desk.leases.faults.calls["release"] == 0


async def test_a_renewal_that_breaks_in_an_unknown_way_ends_the_work_and_is_logged(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.leases.faults.fail("renew", error=ArithmeticError("What?"))
    assert await desk.lost_at() == 7
    assert "A lease cannot be kept." in caplog.text


async def test_the_work_is_cancelled_wherever_it_waits(desk: Desk) -> None:
    ended: list[str] = []

    async def child(name: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(name)

    desk.renewals_fail()
    await desk.lost_at(work=lambda: asyncio.gather(child("a"), child("b")))
    assert ended == ["a", "b"]


async def test_work_that_swallows_its_cancellation_still_ends_as_lost(desk: Desk) -> None:
    async def work() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()

    desk.renewals_fail()
    await desk.lost_at(work=work)


async def test_work_that_fails_while_it_is_cancelled_still_ends_as_lost(desk: Desk) -> None:
    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise Unavailable("The storage does not answer either.")

    desk.renewals_fail()
    await desk.lost_at(work=work)


async def test_after_a_loss_the_task_can_wait_for_other_things(desk: Desk) -> None:
    desk.renewals_fail()
    await desk.lost_at()
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
    async with asyncio.timeout(60):
        await desk.clock.sleep(1)


async def cancelled(task: "asyncio.Task[None]") -> bool:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return task.cancelled()


async def test_a_cancellation_from_outside_stays_one_and_the_lease_is_let_go_of(desk: Desk) -> None:
    async def work() -> None:
        async with desk.held():
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    await desk.clock.advance(20)
    assert await cancelled(task)
    assert not desk.leases.is_held(RUN)


async def test_a_cancellation_from_outside_at_the_moment_of_the_loss_stays_one(desk: Desk) -> None:
    async def work() -> None:
        async with desk.held():
            try:
                await asyncio.Event().wait()
            finally:
                task.cancel()

    desk.renewals_fail()
    task = asyncio.create_task(work())
    await desk.clock.advance(50)
    assert task.cancelled()


async def test_a_timeout_around_it_stays_a_timeout(desk: Desk) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0), desk.held():
            await asyncio.Event().wait()
    assert not desk.leases.is_held(RUN)


async def within_each_other(desk: Desk) -> None:
    """Work under the lease of the run and, within, of the account; the loss of the latter is told apart."""
    async with desk.held(RUN):
        try:
            async with desk.held(ACCOUNT):
                await asyncio.Event().wait()
        except LeaseLost as error:
            assert ACCOUNT in str(error)  # noqa: PT017 - a loss of the run is not to be caught here
            await desk.clock.sleep(100)


async def test_when_the_inner_lease_is_lost_the_outer_work_goes_on(desk: Desk) -> None:
    desk.renewals_fail(ACCOUNT)
    await within_each_other(desk)
    assert desk.clock.monotonic() == 20 + 100
    assert not desk.leases.is_held(RUN)
    assert desk.leases.faults.count("release", RUN) == 1


async def test_when_the_outer_lease_is_lost_the_inner_one_is_let_go_of_and_everything_ends(desk: Desk) -> None:
    desk.renewals_fail(RUN)
    with pytest.raises(LeaseLost, match=RUN):
        await within_each_other(desk)
    assert desk.clock.monotonic() == 20
    assert not desk.leases.is_held(ACCOUNT)
    assert desk.leases.is_held(RUN)


async def test_when_both_are_lost_at_the_same_moment_everything_ends(desk: Desk) -> None:
    desk.renewals_fail("*")
    with pytest.raises(LeaseLost, match=RUN):
        await within_each_other(desk)
    assert desk.clock.monotonic() == 20


async def test_a_process_that_stood_still_knows_before_it_goes_on_that_it_trusts_its_lease_no_more(desk: Desk) -> None:
    async with desk.held() as hold:
        hold.check()
        desk.clock._seconds += 19.9
        hold.check()
        desk.clock._seconds += 0.1
        with pytest.raises(LeaseLost, match=RUN):
            hold.check()
