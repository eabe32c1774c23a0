"""What may happen to an app at work: messages, deaths, faults, people; drawn at random, told as a list of events."""

from dataclasses import dataclass
from enum import Enum

from hypothesis import strategies as st


@dataclass(frozen=True)
class Start:
    """Somebody requests a run; the process may die at a step of that."""

    export_id: str
    dies_at: int | None


@dataclass(frozen=True)
class Tick:
    """The timer fires; the process may die at a step of that."""

    dies_at: int | None


@dataclass(frozen=True)
class Deliver:
    """A message is delivered to a new process, which may die at a step of its."""

    message: int
    dies_at: int | None


@dataclass(frozen=True)
class Double:
    """A message comes twice."""

    message: int


@dataclass(frozen=True)
class Lose:
    """A message is lost."""

    message: int


@dataclass(frozen=True)
class Kill:
    """A process is killed where it is."""

    process: int


class End(Enum):
    """How the worker ends, with every leg in it: the seconds that legs still have, and those until messages are back.

    A host that is asked to stop lets legs work on for a while; it may tell them. Messages come back after the host's
    own two minutes where the host lives on, and ten minutes after they were taken where it is gone, too.
    A worker that hangs does nothing more, and is ended by the time limit of a quarter of an hour.
    """

    KILLED_ALONE = (0.0, 120.0)
    TIMED_OUT = (0.0, 121.0)
    HUNG = (0.0, 1020.0)
    STOPPED = (10.0, 600.0)
    STOPPED_AND_TOLD = (8.0, 600.0)

    def __init__(self, grace: float, back_after: float) -> None:
        self.grace = grace
        self.back_after = back_after


@dataclass(frozen=True)
class WorkerEnds:
    """The worker ends, and with it every process that is at work."""

    how: End


@dataclass(frozen=True)
class Pass:
    """Time passes."""

    seconds: float


@dataclass(frozen=True)
class Minutes:
    """Minutes pass, in each of which the timer fires and every message is delivered."""

    count: int


@dataclass(frozen=True)
class Plague:
    """The next processes that take a message die, all at the same step of theirs."""

    deaths: int
    dies_at: int


@dataclass(frozen=True)
class Turns:
    """Whoever can go on does so for a few turns, and no time passes unless everybody waits."""

    count: int


@dataclass(frozen=True)
class Fault:
    """Calls at a port fail, before or *after* they took effect."""

    port: str
    call: str
    after: bool
    skip: int
    times: int
    wait: float | None = None


@dataclass(frozen=True)
class Outage:
    """For so long, which passes meanwhile, no lease can be renewed."""

    seconds: float


@dataclass(frozen=True)
class Cancel:
    """Somebody cancels the newest run of an export."""

    export_id: str


@dataclass(frozen=True)
class ChangeSource:
    """Other files are written over those of an export's segment."""

    export_id: str
    seed: int


Event = (
    Start
    | Tick
    | Deliver
    | Double
    | Lose
    | Kill
    | WorkerEnds
    | Plague
    | Pass
    | Minutes
    | Turns
    | Fault
    | Outage
    | Cancel
    | ChangeSource
)

EXPORTS = st.sampled_from(["vip", "gold"])
SMALL = st.integers(0, 3)
DEATHS = st.none() | st.integers(0, 40) | st.integers(20, 120)


def _faults(
    port: str,
    calls: list[str],
    *,
    after: st.SearchStrategy[bool],
    skip: st.SearchStrategy[int] | None = None,
    times: int = 2,
) -> st.SearchStrategy[Fault]:
    skip = st.integers(0, 12) if skip is None else skip
    return st.builds(Fault, st.just(port), st.sampled_from(calls), after, skip=skip, times=st.integers(1, times))


EITHER, NEVER = st.booleans(), st.just(False)
FAULTS = st.one_of(
    _faults("documents", ["replace", "write_lines"], skip=st.integers(0, 4), after=EITHER),
    _faults("documents", ["get", "insert", "replace", "delete", "names", "write_lines", "read_lines"], after=EITHER),
    _faults("sink", ["send"], times=4, after=EITHER),
    _faults("sink", ["jobs", "job", "import_faults", "list_details", "live_flows", "account"], after=NEVER),
    _faults("segments", ["read", "listed"], after=NEVER),
    st.builds(Fault, st.just("leases"), st.just("renew"), EITHER, st.integers(0, 2), st.sampled_from([1, 3, 12])),
    _faults("leases", ["take", "is_free", "release", "forget"], after=EITHER),
    st.builds(
        Fault, st.just("sink"), st.just("send"), NEVER, SMALL, SMALL.map(lambda n: n + 1), st.sampled_from([1.0, 90.0])
    ),
)

EVENTS = st.one_of(
    st.builds(Start, EXPORTS, st.none() | st.integers(0, 8)),
    st.builds(Deliver, SMALL, DEATHS),
    st.builds(Deliver, SMALL, DEATHS),
    st.builds(Tick, st.none() | st.integers(0, 30)),
    st.builds(Pass, st.sampled_from([1.0, 7.0, 16.0, 61.0])),
    st.builds(Minutes, st.integers(1, 8)),
    st.builds(Turns, st.integers(1, 60)),
    st.builds(Kill, SMALL) | st.builds(Plague, st.integers(1, 8), st.integers(0, 90)),
    st.builds(WorkerEnds, st.sampled_from(End)),
    FAULTS,
    FAULTS,
    st.builds(Outage, st.sampled_from([30.0, 50.0, 70.0, 130.0])),
    st.builds(Double, SMALL) | st.builds(Lose, SMALL),
    st.builds(Cancel, EXPORTS) | st.builds(ChangeSource, EXPORTS, st.integers(1, 9)),
)


@dataclass(frozen=True)
class Scenario:
    """An account with its speed, two exports over it, and what happens to them."""

    seed: int
    rows: int
    batch: int
    in_flight: int
    send_seconds: float
    sweeps_to_end: int
    budget_seconds: float
    events: tuple[Event, ...]


SCENARIOS = st.builds(
    Scenario,
    seed=st.integers(0, 99),
    rows=st.integers(1, 14),
    batch=st.integers(1, 4),
    in_flight=st.integers(1, 4),
    send_seconds=st.sampled_from([0.0, 1.0, 20.0, 40.0]),
    sweeps_to_end=SMALL,
    budget_seconds=st.sampled_from([0.0, 10.0, 1200.0]),
    events=st.lists(EVENTS, min_size=6, max_size=16).map(
        lambda events: (Start("vip", None), Deliver(0, None), *events)
    ),
)
