"""What Klaviyo refuses: a value costs itself, an address costs its row; and runs that reach nobody."""

import pytest

from shared.domain.errors import Unavailable
from tests.builders import World, packed
from tests.real_files.whole_run import LEFT_OUT, outcome_of

MAPPING = {
    "email": "email",
    "phone_number": "phone",
    "location": {"latitude": "lat", "city": "city"},
    "properties": {"tier": "tier"},
}
CSV = (
    b"email,phone,lat,city,tier\n"
    b"a@example.com,+380501234567,50.45,Kyiv,gold\n"
    b"b@example.com,+380501234568,50.46,Lviv,\n"
    b"c@example.com,+380501234569,50.47,,silver\n"
)


@pytest.mark.parametrize("name", ["phone_number", "location.latitude", "location.city", "properties.tier"])
@pytest.mark.parametrize("is_packed", [False, True])
async def test_a_refused_value_is_left_out_and_the_customer_is_on_the_list(name: str, is_packed: bool) -> None:
    blobs = {"vip/1.csv": packed(CSV) if is_packed else CSV}
    world = World(blobs, export={"mapping": MAPPING})
    world.sink.refuse_value("a@*", name)
    run = await world.whole_run()

    members = world.sink.members()
    assert (run.status, [*members], world.rejections(run)) == (
        "succeeded",
        [f"{each}@example.com" for each in "abc"],
        [],
    )
    assert run.left_out == {name: 1}
    (note,) = run.notes
    assert (note.field, note.reason, note.count) == (name, "refused_by_klaviyo", 1)
    assert [(place.blob, place.row) for place in note.places] == [("vip/1.csv", 1)]
    assert [each.code for each in run.warnings if each.code == LEFT_OUT] == [LEFT_OUT]
    group, _, part = name.rpartition(".")
    assert part not in (members["a@example.com"].get(group, {}) if group else members["a@example.com"])
    assert members["c@example.com"]["phone_number"] == "+380501234569"


async def test_refused_values_and_refused_rows_of_one_batch() -> None:
    world = World({"vip/1.csv": CSV}, export={"mapping": MAPPING})
    world.sink.refuse_value("a@*", "phone_number")
    world.sink.refuse_value("a@*", "location.latitude")
    world.sink.refuse("b@*")
    run = await world.whole_run()

    assert (run.status, world.sink.emails()) == ("partial", ["a@example.com", "c@example.com"])
    (rejection,) = world.rejections(run)
    assert (rejection["row"], rejection["refused_by"]) == (2, "klaviyo")
    assert run.left_out == {"phone_number": 1, "location.latitude": 1}
    assert run.isolation_requests == 1


async def test_values_are_counted_once_when_a_leg_dies() -> None:
    world = World(
        {"vip/1.csv": CSV, "vip/2.csv": CSV.replace(b"@", b"2@").replace(b"+38050", b"+38067")},
        export={"mapping": MAPPING},
    )
    world.sink.max_profiles = 2
    world.sink.refuse_value("*", "location.latitude")
    world.sink.faults.fail("send", "*/2", error=Unavailable("The test lets it fail."), times=2)
    run = await world.whole_run()

    assert (run.status, len(world.sink.members())) == ("succeeded", 6)
    assert run.left_out == {"location.latitude": 6}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("email,first_name\nnobody,A\n", "The only row that was read was refused"),
        ("email,first_name\nnobody,A\n,B\nx@,C\n", "3 of 3 rows were refused and none was accepted"),
        ('email,first_name\na@example.com,"A\n', "The only row that was read was refused"),
    ],
)
async def test_a_run_that_reaches_nobody_is_failed_however_small(text: str, words: str) -> None:
    found = await outcome_of(text)
    assert found.failure[0] == "nothing_accepted"
    assert found.failure[1].startswith(words)
    assert len(found.rejected) == found.run.tally.read


@pytest.mark.parametrize("text", ["", "email,first_name\n", "email,first_name\n,\n\n", "\n\n"])
async def test_a_segment_without_a_row_is_no_failure(text: str) -> None:
    assert (await outcome_of(text)).run.status == "succeeded"
