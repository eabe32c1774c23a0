"""Parts that are missing or damaged when a run settles: every row has an outcome, and the run tells of the damage."""

from collections import Counter
from collections.abc import Callable

import orjson
import pytest

from shared.domain.errors import ConfigurationError, ContractBroken, Unavailable
from shared.domain.runs.run import Jobs, Run, RunStatus, Tally
from shared.domain.runs.wake_up import WakeUp
from tests.builders import World, checked, ndjson, people, warnings_of

Harm = Callable[[bytes], bytes | None]
"""What becomes of the bytes of a part; None deletes the part."""


async def settling() -> tuple[World, WakeUp]:
    """Return a world with a run that settles: two parts, each with 10 accepted and 5 rejected rows."""
    rows = [*people(10), *[{"EMail": "bad"}] * 5, *people(10, first=11), *[{"EMail": "worse"}] * 5]
    world = World({"vip/1.ndjson": ndjson(rows)}, max_profiles=10, in_flight=1, sweeps_to_end=8)
    wake_up = await world.start()
    await world.leg(wake_up)
    run = world.run(wake_up)
    assert (run.status, dict(run.parts)) == (RunStatus.SETTLING, {"1": 2})
    assert run.tally == Tally(read=30, accepted=20, rejected=10)
    return world, wake_up


def harm(world: World, run: Run, part: str, how: Harm) -> None:
    path = f"runs/vip/{run.id}/parts/{part}.ndjson"
    if (left := how(world.documents.blobs[path])) is None:
        del world.documents.blobs[path]
    else:
        world.documents.blobs[path] = left


def change(name: str, field: str, value: object) -> Harm:
    """Return what changes *field* of the first line of a part, which is a *name*."""

    def changed(body: bytes) -> bytes:
        first, rest = body.split(b"\n", 1)
        line = orjson.loads(first)
        line[name][field] = value
        return orjson.dumps(line) + b"\n" + rest

    return changed


def kinds(body: bytes) -> Counter[str]:
    return Counter(next(iter(orjson.loads(line))) for line in body.splitlines())


async def test_a_part_that_is_gone_leaves_its_rows_unconfirmed_and_its_rejections_counted() -> None:
    world, wake_up = await settling()
    (part,) = [
        path for path in world.documents.paths(f"runs/vip/{wake_up.run_id}/parts/") if path.endswith("1-1.ndjson")
    ]
    gone = kinds(world.documents.blobs[part])
    harm(world, world.run(wake_up), "1-1", lambda _: None)
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert run.status is RunStatus.PARTIAL
    assert run.tally == Tally(read=30, accepted=10, rejected=10, unconfirmed=10)
    assert run.jobs == Jobs(submitted=2, ended=1, lost=1)
    assert gone["receipt"] == 1
    assert run.reasons.rejected["part_missing"] == gone["rejection"] > 0
    assert Counter(line["reason"] for line in world.rejections(run)) == run.reasons.rejected
    [line] = world.unconfirmed(run)
    assert (line["profiles"], line["job_id"], line["status"]) == (10, None, "part_missing")
    [warning] = run.warnings
    assert warning.code == "parts_missing"
    assert warning.params == {"parts": "1-1", "accepted": 10, "rejected": gone["rejection"], "jobs": 1}


async def test_a_run_of_which_every_part_is_gone_still_adds_up() -> None:
    world, wake_up = await settling()
    for part in ("1-1", "1-2"):
        harm(world, world.run(wake_up), part, lambda _: None)
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.PARTIAL, Tally(read=30, rejected=10, unconfirmed=20))
    assert (run.jobs, run.reasons.rejected) == (Jobs(2, 0, 2), {"part_missing": 10})
    assert run.warnings[0].params["parts"] == "1-1, 1-2"


@pytest.mark.parametrize(
    "how",
    [
        lambda _: b"",
        lambda _: b"\xff\xfe\x00",
        lambda body: body[40:],
        lambda body: b"\n" + body.split(b"\n", 1)[1],
        lambda body: b'{"receipt":5}\n' + body.split(b"\n", 1)[1],
        lambda body: b'{"receipt":{}}\n' + body.split(b"\n", 1)[1],
        lambda body: b'{"receipt"' + b"[" * 5_000 + b"\n" + body.split(b"\n", 1)[1],
        change("receipt", "profiles", -10),
        change("receipt", "profiles", "10"),
        change("receipt", "job_id", 7),
        change("receipt", "created_at", "yesterday"),
        change("receipt", "created_at", "2026-11-23T06:00:00"),
        change("receipt", "rows", 3),
        change("receipt", "rows", [["vip/1.ndjson", "1", "2"]]),
    ],
)
async def test_a_receipt_that_cannot_be_read_leaves_its_rows_unconfirmed(how: Harm) -> None:
    world, wake_up = await settling()
    harm(world, world.run(wake_up), "1-1", how)
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.PARTIAL, Tally(read=30, accepted=10, rejected=10, unconfirmed=10))
    assert run.jobs == Jobs(2, 1, 1)
    assert run.warnings[0].params["parts"] == "1-1"
    assert "yesterday" not in str(run.document())


async def test_a_rejection_that_cannot_be_read_stays_rejected() -> None:
    world, wake_up = await settling()
    harm(world, world.run(wake_up), "1-2", lambda body: body.replace(b'"reason":', b'"season":', 1))
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.PARTIAL, Tally(read=30, accepted=20, rejected=10))
    assert run.reasons.rejected["part_missing"] == 1
    assert len(world.rejections(run)) == 10
    assert run.warnings[0].params == {"parts": "1-2", "accepted": 0, "rejected": 1, "jobs": 0}


async def test_lines_that_are_cut_off_at_the_end_of_a_line_are_missed_all_the_same() -> None:
    world, wake_up = await settling()
    harm(world, world.run(wake_up), "1-2", lambda body: body.split(b"\n", 1)[0] + b"\n")
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert run.tally == Tally(read=30, accepted=20, rejected=10)
    assert run.reasons.rejected["part_missing"] > 0
    assert "(parts: unknown)" in warnings_of(run)[0]


@pytest.mark.parametrize("part", ["1-1", "1-2"])
async def test_lines_that_somebody_has_added_count_nothing(part: str) -> None:
    world, wake_up = await settling()
    harm(world, world.run(wake_up), part, lambda body: body * 2)
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert (run.tally, run.jobs) == (Tally(read=30, accepted=20, rejected=10), Jobs(2, 2))
    assert len(world.rejections(run)) == 10


async def test_a_receipt_of_more_rows_than_the_run_has_makes_no_negative_count() -> None:
    world, wake_up = await settling()
    harm(world, world.run(wake_up), "1-1", change("receipt", "profiles", 10_000))
    world.sink.made.clear()
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert run.tally == Tally(read=30, rejected=10, unconfirmed=20)


@pytest.mark.parametrize("error", [ConfigurationError("It is archived."), ContractBroken("Who knows.")])
async def test_a_part_that_storage_cannot_give_is_damage(error: Exception) -> None:
    world, wake_up = await settling()
    world.documents.faults.fail("read_lines", "*/parts/1-1.ndjson", error=error, times=100)
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert (run.status, run.tally.unconfirmed, run.jobs) == (RunStatus.PARTIAL, 10, Jobs(2, 1, 1))


async def test_a_part_that_storage_does_not_give_now_is_waited_for() -> None:
    world, wake_up = await settling()
    world.documents.faults.fail("read_lines", "*/parts/1-1.ndjson", error=Unavailable("Later."), times=2)
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert (run.tally, run.jobs, run.warnings) == (Tally(read=30, accepted=20, rejected=10), Jobs(2, 2), ())


async def test_a_run_that_lost_only_what_it_had_sent_beyond_its_end_is_partial() -> None:
    world = World({"vip/1.ndjson": ndjson(people(40))}, max_profiles=10, in_flight=4)
    world.sink.faults.fail("send", "*/1", times=1)
    wake_up = await world.start()
    await world.leg(wake_up)
    harm(world, world.run(wake_up), "1-1", lambda _: None)
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.PARTIAL, Tally(read=40, accepted=40))
    assert run.jobs == Jobs(5, 4, 1)
    assert run.warnings[0].code == "parts_missing"


async def test_a_run_that_was_cancelled_stays_cancelled() -> None:
    world, wake_up = await settling()
    harm(world, world.run(wake_up), "1-1", lambda _: None)
    path = f"runs/vip/{wake_up.run_id}/run.json"
    ending = {"status": "cancelled", "reason": "cancelled", "detail": "Dana cancelled the run."}
    world.documents.put(path, {**world.documents.value(path), "ending": ending})
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert (run.status, run.tally.unconfirmed) == (RunStatus.CANCELLED, 10)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"schema": 1}', b"\xff"])
async def test_a_plan_that_is_damaged_while_the_run_settles_costs_no_outcome(body: bytes) -> None:
    world, wake_up = await settling()
    world.documents.blobs[f"runs/vip/{wake_up.run_id}/plan.json"] = body
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert (run.status, run.ending and run.ending.reason) == (RunStatus.FAILED, "document_damaged")
    assert run.tally == Tally(read=30, rejected=10, unconfirmed=20)
    assert len(world.rejections(run)) == 10
