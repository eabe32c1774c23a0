"""What Klaviyo has taken of a batch while the batch is being sent."""

from shared.domain.runs.receipt import Receipt


class ReceiptCollector:
    """Gathers the receipts of one batch as they come; mutable.

    The caller of a send makes the collector and reads it when the send has ended, failed or was cancelled: a coroutine
    that raises an error or is cancelled returns nothing.
    Example: the first half of a batch became a job, and then the connection broke under the second half. The collector
    has a receipt with the id of that job, and one without an id for the second half, which Klaviyo may have taken.
    """

    def __init__(self) -> None:
        self._receipts: list[Receipt] = []

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """The receipts so far, in the order in which they came."""
        return tuple(self._receipts)

    def add(self, receipt: Receipt) -> None:
        """Add *receipt*, unless an equal one is there: an import that twice had no answer was perhaps taken once."""
        if receipt not in self._receipts:
            self._receipts.append(receipt)
