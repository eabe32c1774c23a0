"""Storage may do anything: what a retry cures is not noticed, else the leg ends and the run goes on by itself."""

from collections.abc import Callable

import pytest
from aiohttp import web

from shared.domain.runs.run import Run, RunStatus, Tally
from tests.builders import checked, ndjson, people
from tests.faults.faulty_storage import ATTEMPTS, WRITES, StoredWorld, Trick, stored_world

ROWS = people(38)
BLOBS = {"vip/1.ndjson": ndjson([*ROWS[:20], {"EMail": "nobody"}]), "vip/2.ndjson": ndjson(ROWS[20:])}
Wanted = Callable[[web.BaseRequest], bool]
TALLY = Tally(read=39, accepted=38, rejected=1)


def path_of(request: web.BaseRequest) -> str:
    """Return the name of the blob, without account and container."""
    return "/".join(request.path.split("/")[3:])


def is_segment(request: web.BaseRequest) -> bool:
    return request.method == "GET" and path_of(request).startswith("vip/")


def is_first_file(request: web.BaseRequest) -> bool:
    """Tell requests for a file of two ranges; its top, both of them, is read first, and then the file is exported.

    Several files are looked at at the same time; so a fault that strikes again and again must strike one file.
    """
    return request.method == "GET" and path_of(request) == "vip/1.ndjson"


def is_document(request: web.BaseRequest) -> bool:
    return request.method in ("GET", "HEAD") and path_of(request) != "" and not is_segment(request)


def is_listing(request: web.BaseRequest) -> bool:
    return request.query.get("comp") == "list"


def is_listing_of_segment(request: web.BaseRequest) -> bool:
    return is_listing(request) and request.query.get("prefix") == "vip/"


def is_write(request: web.BaseRequest) -> bool:
    return request.method in WRITES


async def whole_run(world: StoredWorld) -> Run:
    """Request a run and see it through; everything is as if nothing had happened."""
    wake_up = await world.start()
    await world.go(wake_up)
    await world.read_back()
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.PARTIAL, TALLY), run
    assert world.sink.emails() == [row["EMail"] for row in ROWS]
    assert [line["row"] for line in world.rejections(run)] == [21]
    return run


async def test_a_run_over_a_storage_that_works_takes_one_leg(azurite: str) -> None:
    async with stored_world(azurite, BLOBS, max_profiles=10) as world:
        run = await whole_run(world)
        assert len(world.sink.made) == 4
    assert run.legs == 1


@pytest.mark.parametrize("trick", [Trick.BUSY, Trick.ERROR, Trick.LOST, Trick.ERROR_AFTER])
async def test_reads_of_a_segment_that_fail_for_a_moment_are_not_noticed(azurite: str, trick: Trick) -> None:
    async with stored_world(azurite, BLOBS, max_profiles=10) as world:
        plan = world.storage.fail(trick, is_segment, times=ATTEMPTS - 1, skip=3)
        run = await whole_run(world)
        assert plan.struck == plan.times
    assert (run.legs, run.pauses) == (1, 0)


def ranges_of_first_file(world: StoredWorld) -> list[str]:
    return [wanted for path, wanted in world.storage.ranges if path.split("/")[3:] == ["vip", "1.ndjson"]]


async def test_a_stream_that_breaks_in_the_middle_of_a_blob_is_asked_for_again_by_its_range(azurite: str) -> None:
    async with stored_world(azurite, BLOBS, max_profiles=10) as world:
        await whole_run(world)
        undisturbed = ranges_of_first_file(world)
    async with stored_world(azurite, BLOBS, max_profiles=10) as world:
        plan = world.storage.fail(Trick.BROKEN_BODY, is_first_file, times=1, skip=3)
        run = await whole_run(world)
        assert plan.struck == 1
        asked = ranges_of_first_file(world)
    assert asked == [*undisturbed[:4], *undisturbed[3:]]
    assert (run.legs, len(world.sink.made)) == (1, 4)


async def test_a_blob_that_nobody_answers_for_is_asked_for_again(azurite: str) -> None:
    async with stored_world(azurite, BLOBS, max_profiles=10) as world:
        plan = world.storage.fail(Trick.SILENT, is_segment, times=1, skip=3)
        run = await whole_run(world)
        assert plan.struck == 1
    assert run.legs == 1


@pytest.mark.parametrize("skip", [0, 1, 2, 3])
@pytest.mark.parametrize("trick", [Trick.BUSY, Trick.THROTTLED])
async def test_reads_of_a_segment_that_go_on_failing_end_the_leg_and_the_run_goes_on(
    azurite: str, trick: Trick, skip: int
) -> None:
    async with stored_world(azurite, BLOBS, max_profiles=10) as world:
        times = 1 if trick is Trick.THROTTLED else ATTEMPTS  # the client itself does not ask again after a 429
        plan = world.storage.fail(trick, is_first_file, times=times, skip=skip)
        run = await whole_run(world)
        assert plan.struck == plan.times
    assert run.legs == 2


async def test_streams_that_go_on_breaking_end_the_leg_and_the_run_goes_on(azurite: str) -> None:
    async with stored_world(azurite, BLOBS, max_profiles=10) as world:
        plan = world.storage.fail(Trick.BROKEN_BODY, is_first_file, times=3, skip=3)  # so often the client asks again
        run = await whole_run(world)
        assert plan.struck == plan.times
    assert run.legs == 2


async def test_a_segment_that_cannot_be_listed_for_an_hour_is_waited_for(azurite: str) -> None:
    async with stored_world(azurite, BLOBS, max_profiles=10) as world:
        began = world.clock.now()
        plan = world.storage.fail(Trick.BUSY, is_listing_of_segment, times=7 * ATTEMPTS)
        run = await whole_run(world)
        assert plan.struck == plan.times
        assert (world.clock.now() - began).total_seconds() >= 3_600
    assert run.legs == 8


async def test_a_storage_that_is_away_for_an_hour_in_the_middle_of_a_run_is_waited_for(azurite: str) -> None:
    async with stored_world(azurite, BLOBS, max_profiles=10) as world:
        outage = world.storage.fail(
            Trick.BUSY, lambda _: len(world.sink.made) >= 2 and world.clock.monotonic() < 3_600, times=100_000
        )
        run = await whole_run(world)
        assert outage.struck > 50
        assert world.clock.monotonic() >= 3_600
    assert run.legs == 2


async def requests_of(azurite: str, is_wanted: Wanted) -> int:
    """Return how many requests of that kind a run makes to which nothing happens."""
    async with stored_world(azurite, BLOBS, max_profiles=10) as world:
        plan = world.storage.fail(Trick.BUSY, is_wanted, skip=1_000_000)
        await whole_run(world)
    return 1_000_000 - plan.skip


async def run_with(world: StoredWorld, trick: Trick, is_wanted: Wanted, *, skip: int, times: int) -> Run:
    """See a run through that is requested before things go wrong, after *skip* requests that are wanted."""
    wake_up = await world.start()
    world.storage.fail(trick, is_wanted, skip=skip, times=times)
    await world.go(wake_up)
    await world.read_back()
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.PARTIAL, TALLY), (skip, run)
    assert world.sink.emails() == [row["EMail"] for row in ROWS]
    assert [line["row"] for line in world.rejections(run)] == [21], skip
    return run


@pytest.mark.parametrize(
    ("is_wanted", "trick"),
    [(is_write, Trick.BUSY), (is_write, Trick.LOST), (is_document, Trick.BUSY), (is_listing, Trick.BUSY)],
    ids=["writes", "writes whose answers are lost", "reads", "lists"],
)
async def test_every_single_request_to_the_documents_may_fail_and_the_run_ends_as_if_nothing_had_happened(
    azurite: str, is_wanted: Wanted, trick: Trick
) -> None:
    number = await requests_of(azurite, is_wanted)
    assert number > 2
    for skip in range(number):
        async with stored_world(azurite, BLOBS, max_profiles=10) as world:
            run = await run_with(world, trick, is_wanted, skip=skip, times=ATTEMPTS)
            assert run.starts <= 2


async def test_a_write_whose_answer_was_lost_once_is_not_mistaken_for_a_strangers(azurite: str) -> None:
    for skip in range(await requests_of(azurite, is_write)):
        async with stored_world(azurite, BLOBS, max_profiles=10) as world:
            run = await run_with(world, Trick.LOST, is_write, skip=skip, times=1)
            assert (run.legs, len(world.sink.made)) == (1, 4), skip
