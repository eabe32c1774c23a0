"""The checkpoint follows what Klaviyo has taken, in the order of the rows."""

from array import array

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.batches.batch import Batch
from shared.domain.profiles.value_notes import Place, ValueNotes
from shared.domain.runs.checkpoint import CheckpointTracker
from shared.domain.runs.receipt import Receipt, Sent
from shared.domain.runs.rejection import Rejection, Span
from shared.domain.runs.run import Checkpoint, Tally
from shared.domain.sentences import quoted

START = Checkpoint(100, 7)
TALLY = Tally(read=100, accepted=90, duplicates=4, rejected=6)


def rejection(number: int) -> Rejection:
    return Rejection("a.csv", number, "bad", quoted("It is bad."))


def noted_in(*numbers: int) -> ValueNotes:
    """Return what is noted in the batches with these numbers: as many titles as the number says."""
    notes = ValueNotes()
    for number in numbers:
        for row in range(number):
            notes.note_value("title", "not_a_text", Place("a.csv", number * 1000 + row))
    return notes


def batch_of(number: int, first_row: int, profiles: int, duplicates: int, rejected: int) -> Batch:
    rows = profiles + duplicates + rejected
    return Batch(
        number=number,
        first_row=first_row,
        last_row=first_row + rows - 1,
        spans=(Span("a.csv", first_row, first_row + rows - 1),),
        payload=b",".join([b"x"] * profiles),
        ends=array("Q", range(1, 2 * profiles, 2)),
        rows=array("Q", range(first_row, first_row + profiles)),
        rejections=tuple(rejection(number * 1000 + index) for index in range(rejected)),
        duplicates=duplicates,
        notes=noted_in(number),
    )


def sent_of(batch: Batch, refused: int, extra_requests: int) -> Sent:
    taken = len(batch) - refused
    receipts = (Receipt(f"job{batch.number}", None, taken, batch.spans),) if taken else ()
    rejections = tuple(rejection(batch.number * 1000 + 500 + index) for index in range(refused))
    left_out = tuple((row, "phone_number") for row in batch.rows[refused:])
    return Sent(receipts, rejections, extra_requests, left_out=left_out)


@st.composite
def sent_batches(draw: st.DrawFn) -> list[tuple[Batch, Sent]]:
    """Return batches behind the checkpoint in the order of rows, and what came of sending them."""
    found, row = [], START.row + 1
    for number in range(START.batches + 1, START.batches + 1 + draw(st.integers(0, 8))):
        profiles, duplicates = draw(st.integers(0, 5)), draw(st.integers(0, 2))
        rejected = draw(st.integers(0 if profiles + duplicates else 1, 3))
        batch = batch_of(number, row, profiles, duplicates, rejected)
        found.append((batch, sent_of(batch, draw(st.integers(0, profiles)), draw(st.integers(0, 3)))))
        row = batch.last_row + 1
    return found


def is_balanced(tally: Tally) -> bool:
    others = tally.accepted + tally.unchanged + tally.duplicates + tally.rejected + tally.unconfirmed
    return tally.read == others


@given(sent_batches(), st.data())
def test_in_whatever_order_batches_are_taken_the_checkpoint_passes_them_in_order_and_the_tally_balances(
    sent: list[tuple[Batch, Sent]], data: st.DataObject
) -> None:
    tracker = CheckpointTracker(START, TALLY)
    arrived: set[int] = set()
    passed = saved = 0
    for batch, outcome in data.draw(st.permutations(sent)):
        moved = tracker.acknowledge(batch, outcome)

        arrived.add(batch.number)
        before, passed = passed, next((n for n, (b, _) in enumerate(sent) if b.number not in arrived), len(sent))
        last = sent[passed - 1][0] if passed else None
        assert moved is (passed > before)
        assert tracker._advance.checkpoint == (Checkpoint(last.last_row, last.number) if last else START)
        assert is_balanced(tracker._advance.tally)
        assert tracker._advance.tally.read == tracker._advance.checkpoint.row
        if data.draw(st.booleans()):
            _check_advance(tracker, sent[saved:passed])
            saved = passed
    assert passed == len(sent)
    _check_advance(tracker, sent[saved:])


def _check_advance(tracker: CheckpointTracker, expected: list[tuple[Batch, Sent]]) -> None:
    """Take the advance and make sure that it tells of the *expected* batches and nothing else."""
    advance = tracker.take_advance()
    assert advance.batches == len(expected)
    assert advance.receipts == [receipt for _, outcome in expected for receipt in outcome.receipts]
    assert advance.rejections == [r for batch, outcome in expected for r in (*batch.rejections, *outcome.rejections)]
    assert advance.isolation_requests == sum(outcome.extra_requests for _, outcome in expected)
    notes = ValueNotes()
    for batch, outcome in expected:
        notes.update(batch.notes)
        for row, name in outcome.left_out:
            notes.note_value(name, "refused_by_klaviyo", Place("a.csv", row))
    assert advance.notes == notes


def test_a_batch_that_klaviyo_refused_in_part_is_counted_on_both_sides() -> None:
    tracker = CheckpointTracker(Checkpoint(), Tally())
    batch = batch_of(1, 1, 5, 2, 1)

    assert tracker.acknowledge(batch, sent_of(batch, refused=2, extra_requests=3))
    advance = tracker.take_advance()
    assert advance.tally == Tally(read=8, accepted=3, duplicates=2, rejected=3)
    assert advance.checkpoint == Checkpoint(8, 1)


def test_a_batch_ahead_of_its_turn_moves_nothing() -> None:
    tracker = CheckpointTracker(START, TALLY)
    batch = batch_of(9, 200, 5, 0, 0)

    assert not tracker.acknowledge(batch, sent_of(batch, 0, 0))
    advance = tracker.take_advance()
    assert (advance.checkpoint, advance.tally, advance.batches, advance.receipts) == (START, TALLY, 0, [])
