"""Whatever writers, people and a failing storage do: no state starts two runs, and the last one is not lost."""

import asyncio
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.errors import Unavailable
from shared.domain.runs.run import RunStatus
from shared.domain.sources.new_data.digests import digest_of, state_of
from shared.store.paths import served_path
from tests.builders import World, checked
from tests.control.new_data.waiting import finish, minutes, started, tick, waiting_world, write

FILES = ("vip/1.ndjson", "vip/2.ndjson", "vip/3.ndjson")
DOINGS = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(FILES)),
    st.tuples(st.just("remove"), st.sampled_from(FILES)),
    st.tuples(st.just("finish"), st.none()),
    st.tuples(st.just("minutes"), st.integers(1, 12)),
    st.tuples(st.just("ticks"), st.integers(2, 3)),
    st.tuples(st.just("storage fails"), st.sampled_from(["served/*", "looks.json", "active/*", "runs/*", "audit/*"])),
    st.tuples(st.just("run by hand"), st.sampled_from([None, 2])),
)


class Doings:
    """What happens in a world; mutable."""

    def __init__(self) -> None:
        self.world = waiting_world()
        self.first = 1

    async def do(self, what: str, with_: object) -> None:
        world = self.world
        match what, with_:
            case "write", str(name):
                write(world, name, first=self.first, count=2)
                self.first += 2
            case "remove", str(name) if name in self.files():
                world.segments.remove(name)
            case "finish", _:
                finish(world)
            case "minutes", int(count):
                await minutes(world, count)
            case "ticks", int(count):
                await asyncio.gather(*(tick(world) for _ in range(count)))
            case "storage fails", str(path):
                world.documents.faults.fail("*", path, error=Unavailable("The storage is away."))
            case "run by hand", limit:
                await world.start(limit=limit if isinstance(limit, int) else None)

    def files(self) -> list[str]:
        return [name for name in self.world.segments._blobs if name in FILES]


async def state_now(world: World) -> str:
    blobs = [blob async for blob in world.segments.listed("vip/") if blob.name in FILES]
    return state_of([digest_of(blobs)])


@settings(max_examples=60, deadline=None)
@given(st.lists(DOINGS, max_size=12))
def test_each_state_has_at_most_one_run_of_new_data_and_the_last_one_is_served(
    doings: list[tuple[str, object]],
) -> None:
    asyncio.run(play(doings))


async def play(doings: list[tuple[str, object]]) -> None:
    happening = Doings()
    world = happening.world
    served: dict[str, str] = {}
    for what, with_ in doings:
        with suppress(Unavailable):  # the timer fires again
            await happening.do(what, with_)
        for each in _served(world):
            assert served.setdefault(each["state"], each["run_id"]) == each["run_id"]
    world.documents.faults._planned.clear()
    write(world, FILES[0], first=900)
    await minutes(world, 40)
    state = await state_now(world)
    assert state in {each["state"] for each in _served(world)}
    for run in started(world):
        assert checked(run).status in (RunStatus.SUCCEEDED, RunStatus.FAILED)
    served |= {each["state"]: each["run_id"] for each in _served(world)}
    assert {run.id for run in started(world)} <= {*served.values()}  # each was started for a state of its own
    before = len(world.all_runs())
    await minutes(world, 60)
    assert len(world.all_runs()) == before


def _served(world: World) -> list[dict[str, str]]:
    path = served_path("vip")
    states: list[dict[str, str]] = world.documents.value(path)["states"] if path in world.documents.blobs else []
    return states
