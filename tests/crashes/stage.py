"""The product over fakes in which processes die, with its promises watched at every step."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson

from shared.domain.batches.batch import Batch
from shared.domain.errors import Unavailable
from shared.domain.runs.isolation_budget import IsolationBudget
from shared.domain.runs.receipt import JobReport, Receipt, Sent
from shared.domain.runs.receipt_collector import ReceiptCollector
from shared.domain.runs.run import Run, RunStatus, Tally
from shared.domain.runs.wake_up import WakeUp
from shared.ports import LEASE_SECONDS
from shared.store.paths import gate_path
from tests.builders import World, checked, connection_document
from tests.crashes.processes import Process, Step, StepFaults, current_process
from tests.crashes.rows import TAKEN, Kind, KnownRow, KnownSegment
from tests.fakes.import_job import ImportJob
from tests.fakes.segments import MemorySegments
from tests.fakes.sink import LIST, SECRET, MemorySink
from tests.fakes.sinks import MemorySinks

if TYPE_CHECKING:
    from tests.fakes.leases import MemoryLease

WINDOW = 3
BATCH = 3
OTHER_SECRET = "klaviyo-other"
LISTS = {"vip": LIST, "gold": "Gold01"}
PIECE_BYTES = 400


class FrankSink(MemorySink):
    """An account whose jobs say how large they are, and whose lost answers are told as the real sink does."""

    async def send(
        self,
        batch: Batch,
        *,
        list_id: str,
        budget: IsolationBudget,
        collector: ReceiptCollector,
        fence: Callable[[], object] = lambda: None,
    ) -> Sent:
        try:
            return await super().send(batch, list_id=list_id, budget=budget, collector=collector, fence=fence)
        except Unavailable:
            collector.add(Receipt(None, None, len(batch), batch.spans))
            raise

    def _report(self, job: ImportJob) -> JobReport:
        return replace(super()._report(job), total=len(job.profiles))


class Stage(World):
    """One export, or two over one account by two connections, with known rows; mutable.

    Whoever sends must have the leases of the run and of the account at that moment, whoever writes the run document
    that of the run, and no checkpoint may pass over rows that were not taken: it is an `AssertionError` otherwise.
    """

    def __init__(self, segments: Mapping[str, KnownSegment], *, in_flight: int = WINDOW, **options: Any) -> None:
        blobs = {name: body for segment in segments.values() for name, body in segment.blobs.items()}
        super().__init__(
            segments=MemorySegments(blobs, piece_bytes=PIECE_BYTES),
            in_flight=in_flight,
            export={"limits": {"max_rejected_share": 1}},
            **options,
        )
        self.known = dict(segments)
        self._versions: dict[tuple[str, str], list[KnownRow]] = {}
        self.broken: list[str] = []
        """Promises that were broken, in words."""
        self.judges_codes = False
        """Whether rows with long codes are refused by some of the rules."""
        self._owners: dict[MemoryLease, Process | None] = {}
        for segment in segments.values():
            self._note_version(segment)
        self._set_account()
        if "gold" in segments:
            self._set_second_export()
        for port, fake in self.ports().items():
            fake.faults = StepFaults(port)
            fake.faults.observers.append(self._observe)

    def change_export(self, export_id: str, **changes: Any) -> None:
        """Change the configuration of an export."""
        path = f"exports/{export_id}.json"
        self.documents.put(path, {**self.documents.value(path), **changes})

    def change_source(self, segment: KnownSegment, *, removes_older: bool = False) -> None:
        """Write other files over those of a segment, or into a newer dated folder of it, and remove older ones."""
        if removes_older:
            for name in [name for name in self.segments._blobs if name.startswith(f"{segment.name}/")]:
                self.segments.remove(name)
        for name, body in segment.blobs.items():
            self.segments.put(name, body)
        self._note_version(segment)

    def rows_of(self, run: Run) -> list[KnownRow]:
        """Return the rows that *run* is planned for, in the versions of their files that it is planned for."""
        plan = self.documents.blobs.get(f"runs/{run.export_id}/{run.id}/plan.json")
        blobs = orjson.loads(plan)["blobs"] if plan else []
        return [row for name, _, etag in blobs for row in self._versions[name, etag]]

    def good_emails(self, export_id: str) -> set[str]:
        """Return who may be on the list of an export, whatever version of its source was read."""
        rows = [row for (name, _), rows in self._versions.items() if name.startswith(f"{export_id}/") for row in rows]
        return {row.email for row in rows if row.kind is Kind.GOOD}

    def repeated(self) -> int:
        """Return how many profiles were taken more than once."""
        return sum(count - 1 for count in self._taken().values())

    def _note_version(self, segment: KnownSegment) -> None:
        for name in segment.blobs:
            etag = self.segments._blobs[name][1]
            self._versions[name, etag] = [row for row in segment.rows if row.blob == name]

    def _set_account(self) -> None:
        self.sink = FrankSink(
            self.clock, list_names={list_id: f"List {list_id}" for list_id in LISTS.values()}, max_profiles=BATCH
        )
        self.sink.seconds = lambda batch: float(batch.number * 7 % 3)  # accepted out of order
        self.sink.refuse(f"{Kind.DOOR}*")
        self.sink.fail_late(f"{Kind.LATE}*")
        sinks = MemorySinks({SECRET: self.sink, OTHER_SECRET: self.sink})
        self.resources = replace(self.resources, sinks=sinks)

    def _set_second_export(self) -> None:
        self.put_export(
            id="gold",
            list_id=LISTS["gold"],
            segments=["gold"],
            connection_id="other",
            limits={"max_rejected_share": 1},
        )
        self.documents.put("connections/other.json", connection_document(id="other", secret_name=OTHER_SECRET))

    def ports(self) -> dict[str, Any]:
        """Return the fakes that processes come to."""
        return {"documents": self.documents, "segments": self.segments, "sink": self.sink, "leases": self.leases}

    def _taken(self) -> Counter[tuple[str, str]]:
        return Counter((job.list_id, profile["email"]) for job in self.sink.made for profile in job.profiles)

    def _observe(self, step: Step) -> None:
        match (step.port, step.call, step.after):
            case ("leases", "take", True):
                if (lease := self.leases.holder(step.path)) is not None:
                    self._owners[lease] = current_process()
            case ("documents", "replace", False) if step.path.endswith("/run.json"):
                self._must_hold(step.path.removesuffix("/run.json"), step)
            case ("documents", "replace", True) if step.path.endswith("/run.json"):
                self._must_be_true(Run.from_document(self.documents.value(step.path)))
            case ("sink", "send", False):
                export_id = next(name for name, list_id in LISTS.items() if step.path.startswith(f"{list_id}/"))
                self._must_hold(f"accounts/{self.sink.owner.id}", step)
                self._must_hold(f"runs/{export_id}/", step)
                self._must_be_first(export_id, step)

    def _must_hold(self, name: str, step: Step) -> None:
        """Note when the process at work does not hold the lease *name*, or one whose name begins so."""
        if not any(self._owns(each) for each in self.leases.names() if each.startswith(name)):
            self.broken.append(f"{step}: without the lease {name}")

    def _owns(self, name: str) -> bool:
        """Tell whether the process at work holds the lease *name*."""
        lease = self.leases.holder(name)
        return lease is not None and self._owners.get(lease) is current_process()

    def _must_be_first(self, export_id: str, step: Step) -> None:
        """Note when a run sends before those with a place before it at the gate of its export have ended."""
        ended = {run.id for run in self.all_runs(export_id) if run.status.is_ended}
        places = [each["run_id"] for each in self.documents.value(gate_path(export_id))["requests"]]
        first = next((run_id for run_id in places if run_id not in ended), None)
        if not self._owns(f"runs/{export_id}/{first}"):
            self.broken.append(f"{step}: before {first} has ended")

    def _must_be_true(self, run: Run) -> None:
        """Note when *run* says what is not so."""
        tally, row = run.tally, run.checkpoint.row
        outcomes = tally.accepted + tally.unchanged + tally.duplicates + tally.rejected + tally.unconfirmed
        if not outcomes == tally.read == row:
            self.broken.append(f"{run.id}: {tally} at row {row}")
        if sum(run.reasons.rejected.values()) != tally.rejected:
            self.broken.append(f"{run.id}: {run.reasons} for {tally.rejected} rejections")
        taken, list_id = self._taken(), LISTS[run.export_id]
        for known in self.rows_of(run)[:row]:
            may_be_refused = self.judges_codes and known.has_long_code
            if known.kind in TAKEN and not may_be_refused and not taken[list_id, known.email]:
                self.broken.append(f"{run.id}: the checkpoint passed over row {known.number} of {known.blob}")


async def settled(stage: Stage, wake_up: WakeUp) -> Run:
    """See the run through from wherever it is, and return it."""
    await stage.go(wake_up)
    return checked(stage.run(wake_up))


def assert_every_row_has_its_outcome(stage: Stage, run: Run) -> None:
    """Look at the list, the tally and the rejections of a run without cancelling or failure."""
    rows = stage.rows_of(run)
    count = Counter(row.kind for row in rows)
    refused = count[Kind.BAD] + count[Kind.DOOR] + count[Kind.LATE]
    assert run.status is (RunStatus.PARTIAL if refused else RunStatus.SUCCEEDED)
    assert run.tally == Tally(
        read=len(rows), accepted=count[Kind.GOOD], duplicates=count[Kind.DUPLICATE], rejected=refused
    )
    members = set(stage.sink.emails(LISTS[run.export_id]))
    assert {row.email for row in rows if row.kind is Kind.GOOD} <= members
    assert members <= stage.good_emails(run.export_id), "somebody is on the list who is in no segment"
    assert_rejections(stage, run)


def assert_rejections(stage: Stage, run: Run) -> None:
    """Check that each rejected row up to the checkpoint is named, once, and nobody else."""
    known = stage.rows_of(run)[: run.checkpoint.row]
    lines = stage.rejections(run)
    assert run.reasons.rejected == Counter(line["reason"] for line in lines)
    assert run.jobs.lost == 0
    named = Counter((line["blob"], line["row"]) for line in lines if line["row"])
    assert named == Counter((row.blob, row.number) for row in known if row.kind in (Kind.BAD, Kind.DOOR))
    late = Counter(line["fields"]["email"] for line in lines if not line["row"])
    assert late == Counter(row.email for row in known if row.kind is Kind.LATE)


async def assert_tidy(stage: Stage) -> None:
    """Check that nothing is left of what helps runs to their end, and that nobody works on them."""
    assert stage.documents.paths("active/") == []
    for path in stage.documents.paths("waiting/"):  # whoever waits next clears these away
        place = stage.documents.value(path)
        assert stage.run(WakeUp(place["export_id"], place["run_id"])).status.is_ended
    await stage.clock.advance(LEASE_SECONDS)  # the dead let go of nothing
    assert [name for name in stage.leases.names() if stage.leases.is_held(name)] == []
    assert stage.segments.open_reads == 0
    assert stage.sink.in_flight == 0
    assert stage.clock.sleepers == 0
