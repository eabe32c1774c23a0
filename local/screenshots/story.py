"""The data in the pictures: a shop with a few segments, connections, exports and runs, as the app keeps them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from local.samples import MAPPING, PHONE_REGION, SampleSpec, sample_file
from local.screenshots.past import past_runs
from local.screenshots.times import NOW, ZONE
from shared.domain.runs.life.run_life import Sample
from shared.domain.runs.rejection import Rejection
from shared.domain.runs.run import Checkpoint, Ending, Jobs, Reasons, Run, RunStatus, Source, Tally, Waiting
from shared.domain.sentences import say
from shared.domain.times import utc_text
from shared.store.paths import LAST_TICK, audit_path, index_path, rejections_path, run_path

KEY, OTHER_KEY = "pk_simulator", "pk_nordic"
SECRETS = {"klaviyo-acme": KEY, "klaviyo-nordic": OTHER_KEY, "klaviyo-old": KEY}
"""What lies in the vault."""
LISTS = {
    "Y6nRLr": "VIP customers",
    "NwsLtr": "Newsletter",
    "LpsdEU": "Lapsed, Europe",
    "FlowLs": "Welcome series",
    "Bday01": "Birthdays",
}
FLOW = ("FlowLs", "Welcome flow")
SEGMENTS = {
    "vip": SampleSpec(1_200, seed=1),
    "newsletter": SampleSpec(24_000, bad=20, duplicates=1, seed=2),
    "eu/lapsed": SampleSpec(5_000, seed=4),
    "birthdays": SampleSpec(300, seed=5),
}
DONE, LIVE, WAITING = "20261123t040000z-0001", "20261123t072800z-0002", "20261123t072900z-0003"
PARTIAL, FAILED = "20261123t060000z-0004", "20261120t073000z-0005"
_REJECTED = {"email_missing": 401, "email_invalid": 211}
_MISSING = say("email_missing", "The row has no e-mail address.")
_NO_PERIOD = say("email_domain_without_period", "The domain of the e-mail address has no period.")
_DANA = "dana@example.com"
_ASKED_BY = "A caller with a function key"
_MORNING = datetime.fromisoformat("2026-11-23T04:00:00Z")


def segment_files() -> Iterator[tuple[str, bytes]]:
    """Yield the path and the bytes of each file of a segment."""
    for name, spec in SEGMENTS.items():
        yield f"{name}/customers.ndjson", b"".join(sample_file(spec, "ndjson"))


def documents(real: datetime) -> Iterator[tuple[str, list[Any]]]:
    """Yield the path and the lines of everything that the app keeps; the run at work works at the *real* time."""
    for path, document in _documents(real):
        yield path, [document]
    yield rejections_path("weekly", PARTIAL), [each.document() for each in _rejections()]
    yield audit_path(NOW), [*_audit()]


def _documents(real: datetime) -> Iterator[tuple[str, Any]]:
    agreed = {
        "accepted": True,
        "accepted_by": _DANA,
        "accepted_at": "2026-11-02T09:12:00Z",
        "text": "2026-11",
        "language": "en",
    }
    yield "connections/acme.json", _connection("acme", "Acme_Klaviyo", "contributors", agreed)
    yield "connections/nordic.json", _connection("nordic", "Nordic_Shop", "administrators", agreed)
    withdrawn = {**agreed, "accepted": False, "withdrawn_by": _DANA, "withdrawn_at": "2026-11-16T15:40:00Z"}
    yield "connections/old.json", _connection("old", "Old_brand", "administrators", withdrawn)
    yield LAST_TICK, {"schema": 1, "at": utc_text(real)}
    yield "list-names/acme.json", {"schema": 1, "names": LISTS}
    daily = {"cron": "0 6 * * *", "time_zone": ZONE}
    weekly = {"cron": "0 8 * * 1", "time_zone": ZONE}
    for export in (
        _export("vip", "VIP newsletter", "Y6nRLr", "vip", schedule=daily),
        _export("weekly", "Weekly newsletter", "NwsLtr", "newsletter", schedule=weekly),
        _export("win-back", "Win back Europe", "LpsdEU", "eu/lapsed", schedule="refresh"),
        _export("loyalty", "Loyalty points", "Y6nRLr", "vip", schedule=daily),
        _export("welcome", "Welcome series", "FlowLs", "vip"),
        _export("birthdays", "Birthday greetings", "Bday01", "birthdays", enabled=False, schedule=daily),
    ):
        yield f"exports/{export['id']}.json", export
    for run in (*_ended(), *past_runs("vip", _MORNING), _at_work(real), _waiting(real)):
        yield run_path(run.export_id, run.id), run.document()
        entry = {"schema": 1, "export_id": run.export_id, "run_id": run.id}
        yield index_path(run.export_id, run.id), entry


def _rejections() -> Iterator[Rejection]:
    """Yield the rejected rows of the weekly run; about every fortieth row of its segment is one."""
    missing, invalid = _REJECTED.values()
    for number in range(missing + invalid):
        is_missing = (number + 1) * missing // (missing + invalid) > number * missing // (missing + invalid)
        name = ("Olena", "Taras", "Sofia", "Marko", "Iryna")[number % 5]
        row = 17 + 39 * number
        fields = {"email": None if is_missing else f"{name.lower()}{row}@example", "first_name": name}
        reason, told = ("email_missing", _MISSING) if is_missing else ("email_invalid", _NO_PERIOD)
        yield Rejection("newsletter/customers.ndjson", row, reason, told, fields=fields, line=row)


def _audit() -> Iterator[dict[str, Any]]:
    """Yield the lines of the audit trail, oldest first."""
    vip = _export("vip", "VIP newsletter", "Y6nRLr", "vip")
    for number, (day, what, subject, before, after) in enumerate(
        (
            ("02T09:12", "connection.consent_accepted", "connections/acme", None, None),
            ("02T09:20", "export.created", "exports/vip", None, vip),
            ("16T15:40", "connection.consent_withdrawn", "connections/old", None, None),
            ("20T13:05", "export.changed", "exports/vip", {**vip, "display_name": "VIP"}, vip),
            ("23T07:28", "run.started", f"exports/win-back/runs/{LIVE}", None, None),
        )
    ):
        by = {"name": _DANA, "label": "Dana"}
        line = {"id": str(number), "at": f"2026-11-{day}:00Z", "by": by, "what": what, "subject": subject}
        yield {**line, "before": before, "after": after}


def _ended() -> Iterator[Run]:
    """Yield runs that ended: well, with rejected rows, and with an error."""
    morning = _MORNING
    yield Run(
        DONE,
        "vip",
        "schedule",
        morning,
        status=RunStatus.SUCCEEDED,
        started_at=morning + timedelta(seconds=2),
        ended_at=morning + timedelta(seconds=21),
        legs=1,
        source=Source(1, 340_000, 340_000, files=("vip/customers.ndjson",)),
        checkpoint=Checkpoint(1_200, 1),
        tally=Tally(1_200, 1_200),
        jobs=Jobs(1, 1),
        requests=6,
        samples=_samples(morning, 1, 1_200, 1),
    )
    yield _weekly(morning + timedelta(hours=2))
    yield Run(
        FAILED,
        "welcome",
        "http",
        NOW - timedelta(days=3),
        requested_by=_ASKED_BY,
        status=RunStatus.FAILED,
        started_at=NOW - timedelta(days=3),
        ended_at=NOW - timedelta(days=3) + timedelta(seconds=3),
        legs=1,
        ending=_stopped_by_flow(),
    )


def _at_work(real: datetime) -> Run:
    started = real - timedelta(seconds=100)
    return Run(
        LIVE,
        "win-back",
        "http",
        started - timedelta(seconds=4),
        requested_by=_ASKED_BY,
        status=RunStatus.EXPORTING,
        started_at=started,
        heartbeat_at=real + timedelta(minutes=50),
        progress_at=real,
        legs=1,
        starts=1,
        source=Source(3, 310_000_000, 188_000_000, files=tuple(f"eu/lapsed/part-{n}.ndjson" for n in (1, 2, 3))),
        checkpoint=Checkpoint(610_000, 61),
        parts={"1": 4},
        tally=Tally(610_000, 609_120, duplicates=742, rejected=138),
        reasons=Reasons({"email_invalid": 138}),
        jobs=Jobs(61, 48),
        requests=132,
        throttled=2,
        samples=_samples(started, 20, 610_000, 61),
    )


def _waiting(real: datetime) -> Run:
    text = "Run {run} of export '{export}' exports over the same Klaviyo account."
    told = say("account_taken", text, run=LIVE, export="win-back")
    since, until = real - timedelta(seconds=50), real + timedelta(minutes=2)
    return Run(
        WAITING,
        "loyalty",
        "http",
        real - timedelta(minutes=1),
        requested_by=_ASKED_BY,
        started_at=real - timedelta(minutes=1),
        legs=1,
        pauses=1,
        waiting=Waiting("account_busy", since, until, told.detail, told.code, told.params),
    )


def _weekly(at: datetime) -> Run:
    return Run(
        PARTIAL,
        "weekly",
        "schedule",
        at,
        status=RunStatus.PARTIAL,
        started_at=at + timedelta(seconds=3),
        ended_at=at + timedelta(seconds=64),
        legs=1,
        source=Source(1, 7_400_000, 7_400_000, files=("newsletter/customers.ndjson",)),
        checkpoint=Checkpoint(24_000, 3),
        parts={"1": 3},
        tally=Tally(24_000, 23_148, duplicates=240, rejected=sum(_REJECTED.values())),
        reasons=Reasons(_REJECTED),
        jobs=Jobs(3, 3),
        requests=14,
        samples=_samples(at + timedelta(seconds=3), 3, 24_000, 3),
    )


def _samples(start: datetime, steps: int, rows: int, jobs: int) -> tuple[Sample, ...]:
    """Return samples, five seconds apart, of a run that comes along evenly."""
    return tuple(
        Sample(start + timedelta(seconds=5 * n), rows * n // steps, jobs * max(0, n - 3) // steps, 6 * n)
        for n in range(steps + 1)
    )


def _stopped_by_flow() -> Ending:
    told = say(
        "live_flow",
        "{flows} would start for everybody who is added to list '{list_name}' ({list_id}).",
        flows=f"Flow '{FLOW[1]}' (FlowLsF1, live)",
        list_name=LISTS["FlowLs"],
        list_id="FlowLs",
        export="welcome",
    )
    return Ending(RunStatus.FAILED, "live_flow", told.detail, told.code, told.params)


def _connection(connection_id: str, name: str, shared_with: str, consent: dict[str, Any]) -> dict[str, Any]:
    return {
        "schema": 1,
        "id": connection_id,
        "display_name": name,
        "secret_name": f"klaviyo-{connection_id}",
        "account_id": None,
        "shared_with": shared_with,
        "consent": consent,
        "created_at": "2026-11-02T09:12:00Z",
        "changed_at": "2026-11-02T09:12:00Z",
        "changed_by": _DANA,
    }


def _export(export_id: str, name: str, list_id: str, segment: str, **parts: Any) -> dict[str, Any]:
    return {
        "schema": 1,
        "id": export_id,
        "display_name": name,
        "connection_id": "acme",
        "list_id": list_id,
        "segments": [segment],
        "mapping": MAPPING,
        "phone_region": PHONE_REGION,
        "limits": {"max_rejected_share": 0.5},
        "enabled": True,
        "created_at": "2026-11-02T09:20:00Z",
        "changed_at": "2026-11-20T13:05:00Z",
        "changed_by": _DANA,
        **parts,
    }
