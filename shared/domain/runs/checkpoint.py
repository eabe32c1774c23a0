"""Moves the checkpoint over batches that Klaviyo has taken, in the order of the rows.

Batches may be taken out of order: the checkpoint passes the contiguous ones only.
"""

from dataclasses import dataclass, field

from shared.domain.batches.batch import Batch
from shared.domain.profiles.value_notes import Place, ValueNotes
from shared.domain.runs.receipt import Receipt, Sent
from shared.domain.runs.rejection import Rejection
from shared.domain.runs.run import Checkpoint, Tally


@dataclass(slots=True)
class Advance:
    """Everything that the checkpoint has passed since the last save; *checkpoint* and *tally* are the present ones."""

    checkpoint: Checkpoint
    tally: Tally
    batches: int = 0
    receipts: list[Receipt] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    notes: ValueNotes = field(default_factory=ValueNotes)
    isolation_requests: int = 0


class CheckpointTracker:
    """Keeps the checkpoint of a run while a leg sends; mutable.

    The checkpoint never lies beyond a profile that Klaviyo has not taken. The tally moves with the checkpoint only.
    """

    def __init__(self, checkpoint: Checkpoint, tally: Tally) -> None:
        self._advance = Advance(checkpoint, tally)
        self._early: dict[int, tuple[Batch, Sent]] = {}

    def acknowledge(self, batch: Batch, sent: Sent) -> bool:
        """Note what came of sending *batch*; return whether the checkpoint moved."""
        before = self._advance.batches
        self._early[batch.number] = (batch, sent)
        while taken := self._early.pop(self._advance.checkpoint.batches + 1, None):
            self._pass(*taken)
        return self._advance.batches > before

    def strays(self) -> list[Receipt]:
        """Return the strays: receipts of batches that were taken while an earlier batch is not.

        Example: batches 1, 2 and 4 were taken. The checkpoint is after batch 2; the receipts of batch 4 are strays.
        """
        return [receipt for number in sorted(self._early) for receipt in self._early[number][1].receipts]

    def take_advance(self) -> Advance:
        """Return what the checkpoint has moved over since the last call."""
        advance = self._advance
        self._advance = Advance(advance.checkpoint, advance.tally)
        return advance

    def _pass(self, batch: Batch, sent: Sent) -> None:
        advance = self._advance
        accepted = len(batch) - len(sent.rejections)
        advance.batches += 1
        advance.checkpoint = Checkpoint(batch.last_row, batch.number)
        advance.tally = advance.tally.plus(
            read=batch.last_row - batch.first_row + 1,
            accepted=accepted,
            duplicates=batch.duplicates,
            rejected=len(batch.rejections) + len(sent.rejections),
        )
        advance.receipts += sent.receipts
        advance.rejections += batch.rejections + sent.rejections
        advance.notes.update(batch.notes)
        for row, name in sent.left_out:
            advance.notes.note_value(name, "refused_by_klaviyo", Place(*batch.locate(row)))
        advance.isolation_requests += sent.extra_requests
