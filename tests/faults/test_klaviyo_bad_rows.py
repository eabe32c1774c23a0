"""Ten thousand rows of which Klaviyo refuses some: the good ones arrive, or each row is accounted for."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import pytest

from shared.domain.runs.isolation_budget import MAX_EXTRA_REQUESTS_A_BATCH, MAX_EXTRA_REQUESTS_A_RUN
from shared.domain.runs.run import Run, RunStatus, Tally
from tests.builders import checked
from tests.faults.real_klaviyo import KlaviyoWorld, good, klaviyo_world, rows

SIZE = 10_000
ANY_SHARE = {"limits": {"max_rejected_share": 1.0}}


def people(bad: Iterable[int], size: int = SIZE) -> list[str]:
    """Return addresses, of which Klaviyo refuses those at the positions *bad*."""
    wrong = set(bad)
    return [f"p{n}@refused.example.com" if n in wrong else f"p{n}@example.com" for n in range(size)]


def spread(count: int) -> range:
    return range(0, SIZE, SIZE // count) if count < SIZE // 2 else range(1, SIZE)


@asynccontextmanager
async def world_of(
    emails: list[str], named_rows: str, *, max_profiles: int | None = None
) -> AsyncIterator[KlaviyoWorld]:
    async with klaviyo_world(
        {"vip/1.ndjson": rows(emails)},
        behaviour={"named_rows": named_rows},
        max_profiles=max_profiles,
        export=ANY_SHARE,
    ) as world:
        yield world


def check_every_row(run: Run, world: KlaviyoWorld, emails: list[str]) -> dict[str, str]:
    """Each row is on the list or rejected once, under its own number; return the reasons by address."""
    lines = world.rejections(run)
    rejected = {line["fields"]["email"]: line["reason"] for line in lines}
    assert len(rejected) == len(lines) == run.tally.rejected
    assert all(emails[line["row"] - 1] == line["fields"]["email"] for line in lines)
    assert world.members() == sorted(set(emails) - set(rejected))
    assert run.tally == Tally(read=len(emails), accepted=len(emails) - len(lines), rejected=len(lines))
    checked(run)
    return rejected


@pytest.mark.parametrize("count", [1, 100, 9_999])
async def test_bad_rows_that_are_named_all_at_once_cost_one_request_and_no_good_row(count: int) -> None:
    emails = people(spread(count))
    async with world_of(emails, "all") as world:
        run = await world.run_through()
        rejected = check_every_row(run, world, emails)
        assert run.status is RunStatus.PARTIAL
        assert run.isolation_requests == 1
        assert set(rejected) == {email for email in emails if "refused" in email}
        assert set(rejected.values()) == {"invalid"}


@pytest.mark.parametrize("count", [1, MAX_EXTRA_REQUESTS_A_BATCH])
async def test_bad_rows_that_are_named_one_at_a_time_are_found_within_the_bound(count: int) -> None:
    emails = people(range(0, 3 * count, 3))
    async with world_of(emails, "first") as world:
        run = await world.run_through()
        rejected = check_every_row(run, world, emails)
        assert run.status is RunStatus.PARTIAL
        assert run.isolation_requests == count
        assert set(rejected.values()) == {"invalid"}
        assert len(rejected) == count


@pytest.mark.parametrize("count", [100, 9_999])
async def test_more_bad_rows_named_one_at_a_time_than_the_bound_fail_the_run_and_each_is_accounted_for(
    count: int,
) -> None:
    emails = people(spread(count))
    async with world_of(emails, "first") as world:
        run = await world.run_through()
        reasons = check_every_row(run, world, emails)
        assert len(world.jobs()) == 0
        assert sum(world.answers().values()) == 1 + MAX_EXTRA_REQUESTS_A_BATCH
    assert (run.status, run.ending and run.ending.reason) == (RunStatus.FAILED, "not_isolated")
    found = [email for email, reason in reasons.items() if reason == "invalid"]
    assert len(found) == 1 + MAX_EXTRA_REQUESTS_A_BATCH
    assert all("refused" in email for email in found)
    assert set(reasons.values()) == {"invalid", "not_isolated"}


@pytest.mark.parametrize("bad", [[0], [9_999], [4_567], [100, 9_000]])
async def test_bad_rows_that_are_not_named_are_found_by_halving(bad: list[int]) -> None:
    emails = people(bad)
    async with world_of(emails, "none") as world:
        run = await world.run_through()
        rejected = check_every_row(run, world, emails)
        assert run.status is RunStatus.PARTIAL
        assert sorted(rejected) == sorted(emails[place] for place in bad)
        assert run.isolation_requests <= 2 * 14 * len(bad)


@pytest.mark.parametrize("count", [100, 9_999])
async def test_more_bad_rows_that_are_not_named_than_the_bound_allows_fail_the_run_and_each_is_accounted_for(
    count: int,
) -> None:
    emails = people(spread(count))
    async with world_of(emails, "none") as world:
        run = await world.run_through()
        reasons = check_every_row(run, world, emails)
        assert sum(world.answers().values()) == 1 + MAX_EXTRA_REQUESTS_A_BATCH
    assert (run.status, run.ending and run.ending.reason) == (RunStatus.FAILED, "not_isolated")
    assert "not_isolated" in reasons.values()
    assert run.isolation_requests == MAX_EXTRA_REQUESTS_A_BATCH


@pytest.mark.parametrize(("named_rows", "count"), [("all", 1_200), ("none", 60)])
async def test_a_run_has_a_bound_of_its_own_and_stops_there_with_each_row_accounted_for(
    named_rows: str, count: int
) -> None:
    """Every batch has a bad row, so that each one costs requests."""
    size = 10 if named_rows == "all" else 2_048
    emails = [f"p{n}@refused.example.com" if n % size == 0 else f"p{n}@example.com" for n in range(size * count)]
    async with world_of(emails, named_rows, max_profiles=size) as world:
        run = checked(await world.run_through())
        lines = world.rejections(run)
        assert len({line["fields"]["email"] for line in lines}) == len(lines) == run.tally.rejected
        rejected = {line["fields"]["email"] for line in lines}
        read = set(emails[: run.tally.read])
        assert set(world.members()) >= read - rejected
        assert set(world.members()) <= set(emails) - rejected
    assert run.status is (RunStatus.FAILED)
    assert run.ending
    assert run.ending.reason == "not_isolated"
    assert run.isolation_requests <= MAX_EXTRA_REQUESTS_A_RUN
    assert run.tally.read >= size * (MAX_EXTRA_REQUESTS_A_RUN // (1 if named_rows == "all" else 2 * 12)) - 100 * size


async def test_no_good_row_of_a_run_is_lost_to_bad_ones_in_other_batches() -> None:
    emails = [*people(range(0, 500, 7), 1_000), *good(1_000, first=1_000)]
    async with world_of(emails, "all", max_profiles=100) as world:
        run = await world.run_through()
        check_every_row(run, world, emails)
        assert run.status is RunStatus.PARTIAL
        assert run.isolation_requests == 5
