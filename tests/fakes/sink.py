"""Klaviyo accounts in memory."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import orjson

from shared.domain.batches.batch import Batch
from shared.domain.config.scopes import SCOPES
from shared.domain.errors import ExportError, ScopeMissing, UnknownList
from shared.domain.runs.account_use import AccountUse
from shared.domain.runs.isolation_budget import MAX_EXTRA_REQUESTS_A_BATCH, IsolationBudget
from shared.domain.runs.receipt import ImportFault, JobReport, Receipt, Sent
from shared.domain.runs.receipt_collector import ReceiptCollector
from shared.domain.runs.rejection import Span
from shared.domain.sentences import say
from shared.ports import Account, Flow, ListInfo
from shared.ports.klaviyo_usage import note_request
from tests.fakes.clock import FakeClock
from tests.fakes.faults import Faults
from tests.fakes.import_job import Fate, ImportJob
from tests.fakes.pages import pages_of
from tests.fakes.rules import AT_THE_DOOR, IN_THE_JOB, AtTheDoor, Rule, ValueRule, match, rejection

LIST = "Y6nRLr"
SECRET = "klaviyo-acme"
LISTS_A_PAGE = 10


@dataclass
class MemorySink:
    """The `Sink` port over an account in memory; mutable.

    *faults* has what shall go wrong and what was called. The path of ``send`` is ``{list id}/{number of batch}``; so is
    that of ``turn``, the wait before the request of a batch leaves. That of ``jobs`` is the number of the page, and
    that of other calls is the id of the list or job. Example: ``faults.when("send", "*/3", event.wait)`` stalls batch
    3; with ``after=True`` only the answer is stalled.
    """

    clock: FakeClock = field(default_factory=FakeClock)
    list_names: dict[str, str] = field(default_factory=lambda: {LIST: "VIP newsletter"})
    owner: Account = field(default_factory=lambda: Account("AbC123", "Test shop", is_test=True))
    max_profiles: int = 10_000
    payload_bytes: int = 4_999_000
    opt_in: str | None = "single_opt_in"
    flows: list[Flow] = field(default_factory=list)
    """The flows that take up everybody who is added to a list, the same for each list."""
    lacks: set[str] = field(default_factory=set)
    """The scopes that the key lacks; `account`, `lists`, `list_details` and `live_flows` then refuse."""
    faults: Faults = field(default_factory=Faults)

    seconds: Callable[[Batch], float] = lambda _batch: 0.0
    """How long a batch takes to be accepted."""
    extra_requests: int = 1
    """How many extra requests it takes to find the refused rows of a batch that has good rows as well."""
    pieces: dict[int, int] = field(default_factory=dict)
    """How many jobs a batch becomes, by its number; one for batches that are not here."""
    unanswered: set[int] = field(default_factory=set)
    """The numbers of the batches of which one attempt stays without an answer."""
    half_taken: dict[int, tuple[Receipt, ...]] = field(default_factory=dict)
    """The receipts that a batch has when its send fails, by its number; none for batches that are not here."""
    fates: dict[int, Fate] = field(default_factory=dict)
    """How the jobs of a batch end, by its number."""
    sweeps_to_end: int = 0
    """How many sweeps see a job still at work."""
    status_at_work: str = "processing"
    page_size: int = 100
    strangers: list[JobReport] = field(default_factory=list)
    """Jobs of other programs in the same account."""

    left: list[float] = field(default_factory=list)
    """When the imports left (monotonic seconds)."""
    gone_on_from: list[AccountUse] = field(default_factory=list)
    """What legs have told of the use of the account by others before them."""
    made: list[ImportJob] = field(default_factory=list)
    """Every job, in the order of acceptance."""
    sweeps: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    _at_the_door: AtTheDoor = field(default_factory=AtTheDoor)
    _late: list[Rule] = field(default_factory=list)

    def refuse(self, pattern: str, fault: ImportFault = AT_THE_DOOR) -> None:
        """Refuse at once each profile whose address matches *pattern* (as of a shell), for the reason of *fault*."""
        self._at_the_door.profiles.append(Rule(pattern, fault))

    def refuse_value(self, pattern: str, name: str) -> None:
        """Refuse the value of *name*, such as ``location.latitude``, of each profile that matches *pattern*."""
        self._at_the_door.values.append(ValueRule(pattern, name))

    def fail_late(self, pattern: str, fault: ImportFault = IN_THE_JOB, *, named: bool = True) -> None:
        """Let the job refuse each profile that matches *pattern*; without *named*, the job does not say which one."""
        self._late.append(Rule(pattern, fault, named))

    def emails(self, list_id: str = LIST) -> list[str]:
        """Return who is on the list, in the order of joining."""
        return list(self.members(list_id))

    def members(self, list_id: str = LIST) -> dict[str, dict[str, Any]]:
        """Return the attributes of everybody on the list, by e-mail address."""
        found: dict[str, dict[str, Any]] = {}
        for job in self.made:
            if job.list_id == list_id and self._has_ended(job) and job.fate is not Fate.CANCELLED:
                for profile in job.profiles:
                    if match(self._late, profile) is None:
                        found.setdefault(profile["email"], {}).update(profile)
        return found

    def use(self) -> AccountUse:
        ago = tuple(self.clock.monotonic() - left_at for left_at in self.left)
        return AccountUse(self.clock.now(), ago, is_alone=bool(ago))

    def go_on_from(self, use: AccountUse) -> None:
        self.gone_on_from.append(use)
        now = self.clock.monotonic()
        counted = self.left[-1] + 0.001 if self.left else -math.inf
        self.left += sorted(now - ago for ago in use.ago if now - ago > counted)

    def max_bytes(self, list_id: str) -> int:
        return self.payload_bytes - len(list_id)

    def encode(self, attributes: Mapping[str, Any]) -> bytes:
        return orjson.dumps({"type": "profile", "attributes": attributes})

    async def account(self) -> Account:
        await self._called("account", self.owner.id, "accounts:read")
        return self.owner

    async def has_scope(self, scope: str) -> bool | None:
        await self._called("has_scope", scope)
        return None if scope.endswith(":write") or scope not in _SCOPE_NAMES else scope not in self.lacks

    async def list_details(self, list_id: str) -> ListInfo:
        await self._called("list_details", list_id, "lists:read")
        return ListInfo(list_id, self._name(list_id), self.opt_in)

    async def lists(self) -> AsyncIterator[list[ListInfo]]:
        shown = [ListInfo(list_id, name, self.opt_in) for list_id, name in self.list_names.items()]
        for number, page in pages_of(sorted(shown, key=lambda each: each.name), LISTS_A_PAGE):
            await self._called("lists", number, "lists:read")
            yield page

    async def make_list(self, name: str) -> ListInfo:
        await self._called("make_list", name, "lists:write")
        self.list_names[list_id := f"New{len(self.list_names)}"] = name
        return ListInfo(list_id, name, self.opt_in)

    async def live_flows(self, list_id: str) -> tuple[Flow, ...]:
        await self._called("live_flows", list_id, "lists:read", "flows:read")
        self._name(list_id)
        return tuple(flow for flow in self.flows if flow.status != "draft")

    async def send(
        self,
        batch: Batch,
        *,
        list_id: str,
        budget: IsolationBudget,
        collector: ReceiptCollector,
        fence: Callable[[], object] = lambda: None,
    ) -> Sent:
        if not len(batch):
            return Sent()
        path = f"{list_id}/{batch.number}"
        await self.faults.before("turn", path)
        fence()
        self.left.append(self.clock.monotonic())
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await self.clock.sleep(self.seconds(batch))
            note_request()
            await self.faults.before("send", path)
            self._name(list_id)
            sent = self._take(batch, list_id, budget)
            await self.faults.after("send", path)
        except asyncio.CancelledError:
            collector.add(Receipt(None, None, len(batch), batch.spans))
            raise
        except ExportError:
            for receipt in self.half_taken.get(batch.number, ()):
                collector.add(receipt)
            raise
        finally:
            self.in_flight -= 1
        for receipt in sent.receipts:
            collector.add(receipt)
        return sent

    async def newest_job(self) -> JobReport | None:
        await self._called("newest_job", "1", "lists:read", "profiles:read")
        return next(iter(self._shown()), None)

    async def jobs(self) -> AsyncIterator[list[JobReport]]:
        self.sweeps += 1
        for number, page in pages_of(self._shown(), self.page_size):
            await self._called("jobs", number)
            yield page

    async def job(self, job_id: str) -> JobReport | None:
        await self._called("job", job_id)
        found = self._find(job_id)
        return self._report(found) if found else None

    async def import_faults(self, job_id: str) -> AsyncIterator[ImportFault]:
        await self._called("import_faults", job_id)
        found = self._find(job_id)
        for fault in found.faults if found and self._has_ended(found) else []:
            yield fault

    async def _called(self, call: str, path: str, *scopes: str) -> None:
        await self.clock.sleep(0)
        note_request()
        await self.faults.before(call, path)
        if lacking := self.lacks & {*scopes}:
            raise ScopeMissing(f"The key lacks {' and '.join(sorted(lacking))}.")
        await self.faults.after(call, path)

    def _shown(self) -> list[JobReport]:
        shown = [self._report(job) for job in self.made if job.fate is not Fate.UNLISTED and self._is_known(job)]
        return sorted([*shown, *self.strangers], key=lambda report: report.created_at, reverse=True)

    def _name(self, list_id: str) -> str:
        if (name := self.list_names.get(list_id)) is not None:
            return name
        raise UnknownList(say("list_unknown", "There is no list '{list}' in the account.", list=list_id))

    def _take(self, batch: Batch, list_id: str, budget: IsolationBudget) -> Sent:
        profiles = [orjson.loads(batch.profile(index))["attributes"] for index in range(len(batch))]
        refused = self._at_the_door.refused(profiles)
        rest = [index for index in range(len(batch)) if index not in refused]
        left_out = [(batch.rows[index], name) for index in rest for name in self._at_the_door.take_out(profiles[index])]
        extra, isolated = self._isolate(budget) if (refused or left_out) and rest else (0, True)
        reasons = refused if isolated else {**dict.fromkeys(rest, _NOT_ISOLATED), **refused}
        receipts = self._receipts(batch, list_id, [(index, profiles[index]) for index in rest]) if isolated else []
        rejections = [rejection(batch, index, reasons[index]) for index in sorted(reasons)]
        return Sent(tuple(receipts), tuple(rejections), extra, isolated, tuple(left_out) if isolated else ())

    def _isolate(self, budget: IsolationBudget) -> tuple[int, bool]:
        """Return how many extra requests were made, and whether that was enough."""
        for made in range(self.extra_requests):
            if made == MAX_EXTRA_REQUESTS_A_BATCH or not budget.take():
                return made, False
        return self.extra_requests, True

    def _receipts(self, batch: Batch, list_id: str, rest: list[tuple[int, dict[str, Any]]]) -> list[Receipt]:
        receipts = []
        if batch.number in self.unanswered and rest:
            receipts.append(Receipt(None, None, len(rest), _spans(batch, [index for index, _ in rest])))
        size = -(-len(rest) // self.pieces.get(batch.number, 1)) or 1
        for start in range(0, len(rest), size):
            piece = rest[start : start + size]
            job = self._make(batch.number, list_id, [profile for _, profile in piece])
            spans = _spans(batch, [index for index, _ in piece])
            receipts.append(Receipt(job.id, job.created_at.isoformat(), len(piece), spans))
        return receipts

    def _make(self, batch: int, list_id: str, profiles: list[dict[str, Any]]) -> ImportJob:
        faults = [
            ImportFault(rule.fault.reason, rule.fault.detail, profile if rule.named else {})
            for profile in profiles
            if (rule := match(self._late, profile))
        ]
        number, fate = len(self.made) + 1, self.fates.get(batch, Fate.COMPLETE)
        made_at = self.clock.now() + timedelta(microseconds=number)  # so that the order of jobs shows
        self.made.append(ImportJob(f"job-{number}", batch, list_id, made_at, profiles, faults, fate, self.sweeps))
        return self.made[-1]

    def _find(self, job_id: str) -> ImportJob | None:
        return next((job for job in self.made if job.id == job_id and self._is_known(job)), None)

    def _is_known(self, job: ImportJob) -> bool:
        return not (job.fate is Fate.VANISHED and self._has_ended(job))

    def _has_ended(self, job: ImportJob) -> bool:
        at_work = self.sweeps_to_end > 0 and self.sweeps - job.sweeps_before <= self.sweeps_to_end
        return job.fate is not Fate.ENDLESS and not at_work

    def _report(self, job: ImportJob) -> JobReport:
        if not self._has_ended(job):
            return JobReport(job.id, self.status_at_work, job.created_at, 0, 0)
        if job.fate is Fate.CANCELLED:
            return JobReport(job.id, "cancelled", job.created_at, 0, 0)
        failed = len(job.faults)
        return JobReport(job.id, "complete", job.created_at, len(job.profiles) - failed, failed)


def _spans(batch: Batch, indexes: Sequence[int]) -> tuple[Span, ...]:
    return batch.spans_between(batch.locate(batch.rows[indexes[0]]), batch.locate(batch.rows[indexes[-1]]))


_SCOPE_NAMES = {scope.name for scope in SCOPES}
_NOT_ISOLATED = ImportFault("not_isolated", "Whether this row was refused was not found out.", {})
