"""Parts: what became of the rows up to each checkpoint, one write-once file a checkpoint.

A part is NDJSON; each line is ``{"receipt": …}``, ``{"rejection": …}`` or ``{"stray": …}``.
A stray is the receipt of a batch that Klaviyo took, or may have taken, beyond the checkpoint.
Only the parts that the run document counts are read.
"""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from shared.domain.runs.receipt import Receipt
from shared.domain.runs.rejection import Rejection
from shared.domain.runs.run import Run
from shared.ports import Documents
from shared.store.paths import part_path

LineKind = Literal["receipt", "rejection", "stray"]


@dataclass(frozen=True, slots=True)
class PartLine:
    """One line of a part; *value* is the document of a receipt or of a rejection."""

    kind: LineKind
    value: dict[str, Any]


class Parts:
    """The parts of runs; every method raises `Unavailable` when the storage does not answer."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def write(
        self,
        run: Run,
        part: int,
        *,
        receipts: Iterable[Receipt] = (),
        rejections: Iterable[Rejection] = (),
        strays: Iterable[Receipt] = (),
    ) -> None:
        """Write part *part* (from 1) of the run's present leg.

        Readers pass over the part until the run document counts it.
        """
        lines = _lines(receipts, rejections, strays)
        await self._documents.write_lines(part_path(run.export_id, run.id, run.legs, part), lines)

    async def lines(self, run: Run, *kinds: LineKind) -> AsyncIterator[PartLine]:
        """Yield the lines of these *kinds* from every part that counts, in the order of legs and parts."""
        marks = tuple(_MARKS[kind] for kind in kinds)
        for leg in sorted(run.parts, key=int):
            for part in range(1, run.parts[leg] + 1):
                async for line in self._documents.read_lines(part_path(run.export_id, run.id, leg, part)):
                    if line.startswith(marks):
                        ((kind, value),) = orjson.loads(line).items()
                        yield PartLine(kind, value)


async def _lines(
    receipts: Iterable[Receipt], rejections: Iterable[Rejection], strays: Iterable[Receipt]
) -> AsyncIterator[bytes]:
    for receipt in receipts:
        yield orjson.dumps({"receipt": receipt.document()})
    for rejection in rejections:
        yield orjson.dumps({"rejection": rejection.document()})
    for stray in strays:
        yield orjson.dumps({"stray": stray.document()})


_MARKS: dict[LineKind, bytes] = {
    "receipt": b'{"receipt":',
    "rejection": b'{"rejection":',
    "stray": b'{"stray":',
}
"""How a line of each kind begins, so that other lines need not be parsed."""
