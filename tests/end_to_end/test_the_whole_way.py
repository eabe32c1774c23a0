"""Functions host, storage and simulator as real processes: the list holds exactly what it should, field by field."""

import asyncio
import gzip
import io
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import orjson
import polars as pl
import pytest

from local.chaos.expected import Owners, profile
from local.demo.options import DEFAULT_LIST, SEGMENT, sample_options
from local.demo.system import EXPORT_ID, RunningSystem, configure, running_system
from local.samples import Kind, SampleSpec, sample_file, sample_rows

FILES = {
    "a.ndjson": SampleSpec(rows=12_000, bad=3, duplicates=3, seed=1),
    "b.csv": SampleSpec(rows=3_000, bad=5, duplicates=2, seed=2),
    "c.jsonl.gz": SampleSpec(rows=3_000, bad=5, duplicates=2, seed=3),
    "d.csv.gz": SampleSpec(rows=3_000, bad=5, duplicates=2, seed=4),
    "e.parquet": SampleSpec(rows=3_000, bad=5, duplicates=2, seed=5),
    "f.by-polars.parquet": SampleSpec(rows=3_000, bad=5, duplicates=2, seed=6),
}
WISH = sample_options(1)
ENDED = ("succeeded", "partial", "failed", "cancelled")
Place = tuple[str, int]


class Truth:
    """What must become of the files, worked out without the product's code."""

    def __init__(self) -> None:
        self.profiles: dict[str, dict[str, Any]] = {}
        self.places: dict[Kind, dict[Place, str]] = {kind: {} for kind in Kind}
        self.duplicates = 0
        self.phones_left_out = 0
        self._owners = Owners()
        for name, wish in FILES.items():
            for number, (kind, row) in enumerate(sample_rows(wish), 1):
                self._take(name, number, kind, row)

    def _take(self, name: str, number: int, kind: Kind, row: dict[str, Any]) -> None:
        email = row["EMail"].lower()
        if kind is not Kind.BAD and (kind is Kind.DUPLICATE or email in self.profiles):
            self.duplicates += 1
            return
        self.places[kind][(f"{SEGMENT}/{name}", number)] = email
        if kind is Kind.BAD:
            return
        made = self._owners.first_of(profile(row, email, is_text=".csv" in name))
        self.phones_left_out += "phone_number" not in made
        if kind is Kind.GOOD:
            self.profiles[email] = made


@pytest.fixture
async def system(azurite: str) -> AsyncIterator[RunningSystem]:
    # The fixture azurite is asked for its reasons to skip; the running system has its own storage.
    del azurite
    async with running_system(WISH, "", simulator_options=("--no-limits", "--job-seconds", "0.2")) as started:
        segments = started.storage.get_container_client("segments")
        for name, wish in FILES.items():
            await segments.upload_blob(f"{SEGMENT}/{name}", io.BytesIO(_file(name, wish)))
        await configure(started.documents, WISH)
        yield started


def _file(name: str, wish: SampleSpec) -> bytes:
    if "by-polars" in name:
        out = io.BytesIO()
        pl.DataFrame([row for _, row in sample_rows(wish)]).write_parquet(out, row_group_size=700)
        return out.getvalue()
    kind = next(kind for kind in ("csv", "parquet", "json") if kind in name)
    data = b"".join(sample_file(wish, "ndjson" if kind == "json" else kind))
    return gzip.compress(data) if name.endswith(".gz") else data


async def test_every_row_of_every_kind_of_file_has_its_outcome_and_the_list_is_right(system: RunningSystem) -> None:
    truth = Truth()

    run = await _run_export(system)

    rejections = [orjson.loads(line) async for line in system.documents.read_lines(_path(run, "rejections.ndjson"))]
    assert run["status"] == "partial"
    assert await _list(system) == truth.profiles
    assert _by_us(rejections) == set(truth.places[Kind.BAD])
    assert _named_by_klaviyo(rejections) == truth.places[Kind.REFUSED]
    assert _late(rejections) == Counter(truth.places[Kind.LATE].values())
    assert run["tally"] == {
        "read": sum(wish.rows for wish in FILES.values()),
        "accepted": len(truth.profiles),
        "unchanged": 0,
        "duplicates": truth.duplicates,
        "rejected": len(rejections),
        "unconfirmed": 0,
    }
    assert run["left_out"] == {"phone_number": truth.phones_left_out}


async def test_a_second_run_changes_nothing_in_the_list(system: RunningSystem) -> None:
    await _run_export(system)
    before = await _list(system)

    second = await _run_export(system)

    assert second["status"] == "partial"
    assert await _list(system) == before


async def test_no_address_and_no_key_stands_in_the_run_document(system: RunningSystem) -> None:
    run = await _run_export(system)

    text = orjson.dumps(run).decode()

    assert "@" not in text
    assert "pk_simulator" not in text


async def _run_export(system: RunningSystem) -> dict[str, Any]:
    async with system.http.post(f"{system.host_url}/api/exports/{EXPORT_ID}/runs") as response:
        assert response.status == 202
        address = system.host_url + response.headers["Location"]
    async with asyncio.timeout(90):
        while True:
            async with system.http.get(address) as response:
                run: dict[str, Any] = await response.json()
            if run["status"] in ENDED:
                return run
            await asyncio.sleep(0.1)


async def _list(system: RunningSystem) -> dict[str, dict[str, Any]]:
    """Return the list's profiles by e-mail address."""
    async with system.http.get(f"{system.simulator_url}/simulator/lists/{DEFAULT_LIST}") as response:
        profiles = [orjson.loads(line) for line in (await response.read()).splitlines()]
    found = {profile["email"]: profile for profile in profiles}
    assert len(found) == len(profiles)
    return found


def _by_us(rejections: list[dict[str, Any]]) -> set[Place]:
    return {(each["blob"], each["row"]) for each in rejections if each["refused_by"] == "export"}


def _named_by_klaviyo(rejections: list[dict[str, Any]]) -> dict[Place, str]:
    refused = [each for each in rejections if each["refused_by"] == "klaviyo" and each["row"] is not None]
    return {(each["blob"], each["row"]): each["fields"]["email"] for each in refused}


def _late(rejections: list[dict[str, Any]]) -> Counter[str]:
    late = [each for each in rejections if each["refused_by"] == "klaviyo" and each["row"] is None]
    return Counter(each["fields"]["email"] for each in late)


def _path(run: dict[str, Any], name: str) -> str:
    return f"runs/{EXPORT_ID}/{run['id']}/{name}"
