"""Sends files through the whole app over fakes, and tells what became of them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import pytest

from shared.domain.runs.run import Run
from tests.api.calling import Api
from tests.builders import World, checked, packed

MAPPING = {
    "email": "email",
    "first_name": "first_name",
    "phone_number": "phone",
    "properties": {"city": "city", "note": "note"},
}
MOST_SHOWN = 100
"""So many rows a preview can show."""
Body = bytes | str
LEFT_OUT, CHANGED, SENT = "values_left_out", "values_changed", "values_sent_as_they_are"
"""The codes of the warnings about values."""
_FORETOLD = {"nothing_accepted": ["nothing_to_send"]}
"""What a preview says in other words than the run, as it speaks of the future."""


def _plain(text: str) -> dict[str, bytes]:
    return {"a.csv": text.encode()}


def _packed(text: str) -> dict[str, bytes]:
    return {"a.csv.gz": packed(text.encode())}


def _utf_16(text: str) -> dict[str, bytes]:
    return {"a.txt": b"\xff\xfe" + text.encode("utf-16-le")}


def _windows(text: str) -> dict[str, bytes]:
    return {"a.csv": text.replace("\n", "\r\n").encode()}


def _marked(text: str) -> dict[str, bytes]:
    return {"CUSTOMERS.CSV": b"\xef\xbb\xbf" + text.encode()}


Form = Callable[[str], dict[str, bytes]]
in_each_form = pytest.mark.parametrize("form", [_plain, _packed, _utf_16, _windows, _marked])
"""The ways in which one text of CSV may lie in a file."""


@dataclass(frozen=True)
class Outcome:
    """What a run did with its files, and what the calls before it had shown.

    *segment* is the answer about the folder with ``columns=true``.
    """

    run: Run
    members: dict[str, dict[str, Any]]
    rejected: list[dict[str, Any]]
    preview: dict[str, Any]
    segment: dict[str, Any]

    @property
    def names(self) -> str:
        """Return who is on the list, in the order of joining, by what stands before the @ sign."""
        return " ".join(email.partition("@")[0] for email in self.members)

    @property
    def reasons(self) -> list[tuple[int, str]]:
        """Return for each refused row its line and the reason."""
        return [(each["line"], each["reason"]) for each in self.rejected]

    @property
    def warnings(self) -> list[str]:
        """Return the codes of the warnings of the run, without those about columns that are not there."""
        return [warning.code for warning in self.run.warnings if not warning.code.startswith("column_missing")]

    @property
    def notes(self) -> dict[str, int]:
        """Return how many values or rows were noted, by field and reason: ``first_name looks_empty``."""
        return {f"{note.field} {note.reason}".strip(): note.count for note in self.run.notes}

    def values(self, name: str) -> list[Any]:
        """Return the value that each member has for an attribute, a property or a part of the location."""
        return [
            {**each, **each.get("location", {}), **each.get("properties", {})}.get(name)
            for each in self.members.values()
        ]

    @property
    def failure(self) -> tuple[str, str]:
        """Return the code and the words for which the run failed; nothing was sent then."""
        assert self.run.status == "failed"
        assert self.run.ending is not None
        assert not self.members
        return self.run.ending.code, self.run.ending.detail


async def outcome_of(files: Mapping[str, Body] | Body, name: str = "a.csv", **export: Any) -> Outcome:
    """Return what becomes of *files*, or of one file that is called *name*; *export* changes the export.

    The preview must foretell the run, each row must have one outcome, and no sentence may hold an address of the files.
    """
    given = files if isinstance(files, Mapping) else {name: files}
    blobs = {f"vip/{each}": body.encode() if isinstance(body, str) else body for each, body in given.items()}
    limits = {"max_rejected_share": 1}  # what becomes of each row is looked at, however many are bad
    world = World(blobs, export={"mapping": MAPPING, "phone_region": "UA", "limits": limits, **export})
    return await outcome_in(world, blobs)


async def outcome_in(world: World, blobs: Mapping[str, bytes]) -> Outcome:
    """Return what becomes of the segment in *world*; its files are *blobs*."""
    api = Api(world)
    reply = await api.post("exports/vip/preview", {"limit": MOST_SHOWN})
    assert reply.status == 200, reply.text
    (segment,) = (await api.get("segments?columns=true&segment=vip")).json["segments"]
    run = checked(await world.whole_run())
    outcome = Outcome(run, world.sink.members(), world.rejections(run), reply.json, segment)
    _check_foretold(outcome)
    _check_nothing_leaks(outcome, blobs)
    return outcome


def _check_foretold(outcome: Outcome) -> None:
    """Make sure that the preview shows the rows as the run has sent them, and the same problem."""
    run, preview = outcome.run, outcome.preview
    if run.ending is not None and run.ending.code not in _FORETOLD:
        assert run.ending.detail in [each["detail"] for each in preview["problems"]]
        return
    foretold = _FORETOLD[run.ending.code] if run.ending else []
    assert [each["code"] for each in preview["problems"]] == foretold
    if run.tally.read <= MOST_SHOWN and run.source.blobs == 1 and run.ending is None:
        assert [each["attributes"] for each in preview["profiles"]] == [*outcome.members.values()]
        assert [_told(each) for each in preview["rejections"]] == [_told(each) for each in outcome.rejected]
        assert preview["notes"] == orjson.loads(orjson.dumps(run.notes))


def _told(rejection: Mapping[str, Any]) -> list[Any]:
    return [rejection[name] for name in ("blob", "row", "line", "reason", "detail", "fields")]


def _check_nothing_leaks(outcome: Outcome, blobs: Mapping[str, bytes]) -> None:
    """Make sure that no e-mail address of a file stands in a sentence."""
    addresses = set[bytes]()
    for body in blobs.values():
        addresses.update(re.findall(rb"[\w.]+@[\w.]+\w", body))
    columns = {**outcome.preview["columns"], "values": {}}
    preview = {**outcome.preview, "columns": columns, "profiles": [], "rejections": []}
    details = [each["detail"] for each in outcome.rejected]
    told = orjson.dumps([outcome.run.document(), outcome.segment, preview, details], default=str)
    assert {address for address in addresses if address in told} == set()
