"""Keeps the first batches of a run back until the brake has judged the first rows."""

from collections import deque
from collections.abc import Iterable, Iterator

from shared.domain.batches.batch import Batch
from shared.domain.runs.brake import Brake


class HeldBatches:
    """The batches that *brake* holds back, in order; mutable."""

    def __init__(self, brake: Brake) -> None:
        self._brake = brake
        self._waiting: deque[Batch] = deque()

    def through(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """Take *batches*, which follow those before; yield every batch that may leave by now."""
        for batch in batches:
            self._waiting.append(batch)
            yield from self._let_go()
        yield from self._let_go()

    def _let_go(self) -> Iterator[Batch]:
        while self._waiting and not self._brake.holds_back:
            yield self._waiting.popleft()
