"""What docs/deploy.md carries over to another environment is what a run needs there, and brings no old run along."""

import re
from datetime import timedelta
from pathlib import Path

from shared.domain.runs.run import RunStatus
from tests.builders import World, ndjson, people
from tests.fakes.documents import MemoryDocuments

TEXT = (Path(__file__).parents[2] / "docs" / "deploy.md").read_text(encoding="utf-8")


def carried_over() -> list[str]:
    """Return the folders that the command takes along."""
    [folders] = re.findall(r"^for folder in ([\w ]+); do\n    az storage blob download-batch", TEXT, re.MULTILINE)
    return [f"{name}/" for name in folders.split()]


async def test_an_export_that_was_carried_over_runs_in_the_new_environment() -> None:
    segment = {"vip/rows.ndjson": ndjson(people(3))}
    old = World(segment, export={"schedule": {"cron": "0 6 * * *", "time_zone": "UTC"}})
    assert (await old.whole_run()).status is RunStatus.SUCCEEDED

    new = World(segment)
    taken = {path: old.documents.value(path) for folder in carried_over() for path in old.documents.paths(folder)}
    new.documents = MemoryDocuments(taken)
    new.keep_documents_in(new.documents)
    assert new.all_runs() == []
    assert await new.store.exports.get("vip") == await old.store.exports.get("vip")
    assert await new.store.connections.get("acme") == await old.store.connections.get("acme")
    run = await new.whole_run()
    assert (run.status, run.tally.accepted) == (RunStatus.SUCCEEDED, 3)


async def test_what_is_carried_over_says_nothing_of_a_key_or_of_a_row() -> None:
    old = World({"vip/rows.ndjson": ndjson(people(3))})
    await old.whole_run()
    await old.clock.advance(timedelta(minutes=5).total_seconds())
    taken = "".join(
        old.documents.blobs[path].decode() for folder in carried_over() for path in old.documents.paths(folder)
    )
    assert "klaviyo" in taken
    assert "pk_" not in taken
    assert "p1@example.com" not in taken
