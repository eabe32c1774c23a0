"""What a collector has of a batch that was not sent to its end."""

from shared.domain.runs.receipt import Receipt
from shared.domain.runs.receipt_collector import ReceiptCollector
from shared.domain.runs.rejection import Span

ROWS = (Span("vip/1.csv", 1, 5),)


def test_receipts_stand_in_the_order_in_which_they_came() -> None:
    collector, receipts = ReceiptCollector(), [Receipt(job, None, 5, ROWS) for job in ("job-2", None, "job-1")]
    assert collector.receipts == ()
    for receipt in receipts:
        collector.add(receipt)
    assert collector.receipts == tuple(receipts)


def test_an_import_that_stayed_without_an_answer_twice_stands_once() -> None:
    collector = ReceiptCollector()
    for _ in range(2):
        collector.add(Receipt(None, None, 5, ROWS))
    assert collector.receipts == (Receipt(None, None, 5, ROWS),)


def test_what_was_read_before_does_not_change_with_what_comes_later() -> None:
    collector = ReceiptCollector()
    before = collector.receipts
    collector.add(Receipt("job-1", None, 5, ROWS))
    assert before == ()
