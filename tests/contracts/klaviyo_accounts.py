"""A Klaviyo account, in memory or simulated behind Klaviyo's API, and what can happen there."""

from collections.abc import Mapping
from typing import Any, Protocol

from local.klaviyo.account.lists import Flow as SimulatedFlow
from local.klaviyo.account.lists import ProfileList
from local.klaviyo.http.endpoints import ALL_SCOPES
from local.klaviyo.simulator import Simulator
from shared.adapters.klaviyo.klaviyo_sink import KlaviyoSinks
from shared.domain.runs.receipt import ImportFault, JobReport, Receipt
from shared.ports import Flow, Sink, Sinks
from tests.fakes.clock import FakeClock
from tests.fakes.import_job import Fate
from tests.fakes.sink import MemorySink
from tests.fakes.sinks import MemorySinks

LIST = "Y6nRLr"
SECRET = "klaviyo-acme"
JOB_SECONDS = 30.0
ODD = {"phone_number": "12", "location": {"latitude": True}}
"""Values that no account takes, each in its place."""


class Place(Protocol):
    """A Klaviyo account, and what can happen there.

    It refuses everybody at refused.example.com at once, and everybody at late.example.com in the job.
    It takes everybody at odd.example.com, but not their ODD values.
    """

    sinks: Sinks

    async def jobs_end(self) -> None: ...

    def next_job_ends_as(self, fate: Fate) -> None: ...

    def next_answer_is_lost(self) -> None: ...

    def goes_down(self) -> None: ...

    def has_lists(self, *names: str) -> None: ...

    def has_flows(self, *flows: tuple[str, str, str]) -> None: ...

    def key_lacks(self, *scopes: str) -> None: ...

    def members(self) -> list[str]: ...

    def attributes_of(self, email: str) -> Mapping[str, Any]: ...


class MemoryAccount:
    def __init__(self) -> None:
        self._fake = MemorySink(sweeps_to_end=10_000)
        self._fake.refuse("*@refused.example.com")
        self._fake.fail_late("*@late.example.com")
        self._fake.refuse_value("*@odd.example.com", "phone_number")
        self._fake.refuse_value("*@odd.example.com", "location.latitude")
        self.sinks: Sinks = MemorySinks({SECRET: self._fake})

    async def jobs_end(self) -> None:
        self._fake.sweeps_to_end = 0

    def next_job_ends_as(self, fate: Fate) -> None:
        self._fake.fates[1] = fate

    def next_answer_is_lost(self) -> None:
        self._fake.unanswered.add(1)

    def goes_down(self) -> None:
        self._fake.faults.fail("*", times=1_000)

    def has_lists(self, *names: str) -> None:
        self._fake.list_names = {f"L{number}": name for number, name in enumerate(names)}

    def has_flows(self, *flows: tuple[str, str, str]) -> None:
        self._fake.flows = [Flow(*flow) for flow in flows]

    def key_lacks(self, *scopes: str) -> None:
        self._fake.lacks = set(scopes)

    def members(self) -> list[str]:
        return self._fake.emails(LIST)

    def attributes_of(self, email: str) -> Mapping[str, Any]:
        return self._fake.members(LIST)[email]


class SimulatedAccount:
    def __init__(self, simulator: Simulator, sinks: KlaviyoSinks, clock: FakeClock) -> None:
        self._simulator = simulator
        self._clock = clock
        self.sinks: Sinks = sinks

    async def jobs_end(self) -> None:
        await self._clock.advance(JOB_SECONDS)

    def next_job_ends_as(self, fate: Fate) -> None:
        self._change({"job_script": [str(fate)]})

    def next_answer_is_lost(self) -> None:
        self._change({"script": ["reset_after"]})

    def goes_down(self) -> None:
        self._change({"requests": {"unavailable": 1.0}})

    def has_lists(self, *names: str) -> None:
        [account] = self._simulator.accounts
        account.lists = {f"L{number}": ProfileList(f"L{number}", name) for number, name in enumerate(names)}

    def has_flows(self, *flows: tuple[str, str, str]) -> None:
        [account] = self._simulator.accounts
        account.lists[LIST].flows = tuple(SimulatedFlow(*flow) for flow in flows)

    def key_lacks(self, *scopes: str) -> None:
        [account] = self._simulator.accounts
        account.replace_keys({"pk_simulator": ALL_SCOPES - set(scopes)})

    def members(self) -> list[str]:
        self._simulator.settle()
        [account] = self._simulator.accounts
        return [account.profiles.attributes(place)["email"] for place in account.lists[LIST].members]

    def attributes_of(self, email: str) -> Mapping[str, Any]:
        self._simulator.settle()
        [account] = self._simulator.accounts
        place = account.profiles.find(email)
        assert place is not None
        return account.profiles.attributes(place)

    def _change(self, settings: dict[str, object]) -> None:
        self._simulator.change({"job_seconds": JOB_SECONDS, "phone_numbers": "refused", **settings})


async def all_jobs(sink: Sink) -> list[JobReport]:
    return [report async for page in sink.jobs() for report in page]


async def faults_of(sink: Sink, receipt: Receipt) -> list[ImportFault]:
    return [fault async for fault in sink.import_faults(str(receipt.job_id))]


async def report_of(sink: Sink, receipt: Receipt) -> JobReport:
    report = await sink.job(str(receipt.job_id))
    assert report is not None
    return report
