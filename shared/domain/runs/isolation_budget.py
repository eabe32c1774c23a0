"""How many extra requests a run may spend to find the rows that Klaviyo refuses."""

MAX_EXTRA_REQUESTS_A_BATCH = 64
MAX_EXTRA_REQUESTS_A_RUN = 1_000


class IsolationBudget:
    """The extra requests of one run; mutable, shared by the batches in flight. *spent* counts the requests so far."""

    def __init__(self, spent: int = 0) -> None:
        self.spent = spent

    def take(self) -> bool:
        """Spend one extra request; return False when none is left."""
        if self.spent >= MAX_EXTRA_REQUESTS_A_RUN:
            return False
        self.spent += 1
        return True
