"""The paces of Klaviyo's accounts: those belong to an account and an endpoint, whatever keys lead there."""

from shared.adapters.klaviyo.pace import Pace, Rate
from shared.ports import Clock


class Paces:
    """The paces of one account, one for each endpoint; mutable."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.by_rate: dict[Rate, Pace] = {}

    def of(self, rate: Rate) -> Pace:
        """Return the pace of the endpoint of *rate*."""
        if rate not in self.by_rate:
            self.by_rate[rate] = Pace(rate, self._clock)
        return self.by_rate[rate]

    def adopt(self, other: "Paces") -> None:
        """Count what has left by *other* as well, as it went to the same account."""
        for rate, pace in other.by_rate.items():
            self.of(rate).adopt(pace)


class AccountPaces:
    """The paces of every account that Klaviyo has named; mutable."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_account: dict[str, Paces] = {}

    def of(self, account_id: str, before: Paces) -> Paces:
        """Return the paces of the account; *before* are those of a key that turned out to lead to it."""
        known = self._by_account.get(account_id)
        is_free = all(before is not paces for paces in self._by_account.values())
        if known is None:
            known = self._by_account[account_id] = before if is_free else Paces(self._clock)
        elif is_free:
            known.adopt(before)
        return known
