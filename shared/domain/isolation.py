"""How much may be spent on finding the rows that Klaviyo refuses."""

MAX_EXTRA_REQUESTS_A_BATCH = 64
MAX_EXTRA_REQUESTS_A_RUN = 1_000


class IsolationBudget:
    """The extra requests that are left for one run; mutable, shared by the batches in flight."""

    def __init__(self, spent: int = 0) -> None:
        self._left = MAX_EXTRA_REQUESTS_A_RUN - spent

    def take(self) -> bool:
        """Spend one extra request, if there is one left."""
        if self._left <= 0:
            return False
        self._left -= 1
        return True
