"""Parts: what became of the rows up to each checkpoint, one write-once file a checkpoint.

A part is NDJSON; each line is ``{"receipt": …}``, ``{"rejection": …}``, ``{"stray": …}`` or ``{"uncounted": …}``.
A stray is the receipt of a batch that Klaviyo took, or may have taken, beyond the checkpoint.
An uncounted line is the rejection of a row beyond the checkpoint, one of those that pulled the brake.
Only the parts that the run document counts are read.
A part that is missing, and a line that is not what the app wrote, are damage: readers get what else there is, and the
name of the part.
"""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from shared.domain.errors import ConfigurationError, ContractBroken
from shared.domain.runs.receipt import Receipt
from shared.domain.runs.rejection import Rejection
from shared.domain.runs.run import Run
from shared.ports import Documents
from shared.store.paths import part_path

LineKind = Literal["receipt", "rejection", "stray", "uncounted"]


@dataclass(frozen=True, slots=True)
class PartLine:
    """One line of a part; *value* is the document of a receipt or of a rejection."""

    kind: LineKind
    value: dict[str, Any]


class Parts:
    """The parts of runs; every method raises `Unavailable` when the storage does not answer."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def write(  # noqa: PLR0913 - each kind of line by name
        self,
        run: Run,
        part: int,
        *,
        receipts: Iterable[Receipt] = (),
        rejections: Iterable[Rejection] = (),
        strays: Iterable[Receipt] = (),
        uncounted: Iterable[Rejection] = (),
    ) -> None:
        """Write part *part* (from 1) of the run's present leg.

        Readers pass over the part until the run document counts it.
        """
        lines = _lines(receipts, rejections, strays, uncounted)
        await self._documents.write_lines(part_path(run.export_id, run.id, run.legs, part), lines)

    async def lines(self, run: Run, *kinds: LineKind, damaged: set[str]) -> AsyncIterator[PartLine]:
        """Yield the lines of these *kinds* from every part that counts, in the order of legs and parts.

        What cannot be read is left out, and the name of its part, such as ``2-1``, is added to *damaged*.
        """
        for leg in sorted(run.parts, key=int):
            for part in range(1, run.parts[leg] + 1):
                is_empty = True
                async for line in self._of_part(run, leg, part, damaged):
                    is_empty = False
                    kind = next((kind for kind, mark in _MARKS.items() if line.startswith(mark)), None)
                    if kind is not None and kind not in kinds:
                        continue
                    if kind is None or (read := _read(kind, line)) is None:
                        damaged.add(_name(leg, part))
                    else:
                        yield read
                if is_empty:  # every part was written with at least one line
                    damaged.add(_name(leg, part))

    async def _of_part(self, run: Run, leg: str, part: int, damaged: set[str]) -> AsyncIterator[bytes]:
        try:
            async for line in self._documents.read_lines(part_path(run.export_id, run.id, leg, part)):
                yield line
        except (ConfigurationError, ContractBroken):  # no later try can mend it: archived, say, or no file of lines
            damaged.add(_name(leg, part))


def _name(leg: str, part: int) -> str:
    return f"{leg}-{part}"


def _read(kind: LineKind, line: bytes) -> PartLine | None:
    """Return *line* as it was written, or None where it is damaged."""
    try:
        value = orjson.loads(line)[kind]
        if kind in ("rejection", "uncounted"):
            Rejection.from_document(value)
        else:
            Receipt.from_document(value)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    return PartLine(kind, value)


async def _lines(
    receipts: Iterable[Receipt],
    rejections: Iterable[Rejection],
    strays: Iterable[Receipt],
    uncounted: Iterable[Rejection],
) -> AsyncIterator[bytes]:
    for receipt in receipts:
        yield orjson.dumps({"receipt": receipt.document()})
    for rejection in rejections:
        yield orjson.dumps({"rejection": rejection.document()})
    for stray in strays:
        yield orjson.dumps({"stray": stray.document()})
    for rejection in uncounted:
        yield orjson.dumps({"uncounted": rejection.document()})


_MARKS: dict[LineKind, bytes] = {
    "receipt": b'{"receipt":',
    "rejection": b'{"rejection":',
    "stray": b'{"stray":',
    "uncounted": b'{"uncounted":',
}
"""How a line of each kind begins, so that other lines need not be parsed."""
