"""The paces of Klaviyo's accounts. A pace belongs to an account and an endpoint: two keys of one account share it."""

from shared.adapters.klaviyo.client.pace import Pace
from shared.adapters.klaviyo.client.rates import Rate
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
        """Count the requests that left by *other* as well: they went to the same account."""
        for rate, pace in other.by_rate.items():
            self.of(rate).adopt(pace)


class AccountPaces:
    """The paces of every account that Klaviyo has named; mutable."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_account: dict[str, Paces] = {}

    def of(self, account_id: str, before: Paces) -> Paces:
        """Return the paces of the account; *before* are those of a key of which Klaviyo now said that it leads there.

        The account takes over *before*, unless they belong to an account already.
        """
        known = self._by_account.get(account_id)
        is_free = all(before is not paces for paces in self._by_account.values())
        if known is None:
            known = self._by_account[account_id] = before if is_free else Paces(self._clock)
        elif is_free:
            known.adopt(before)
        return known
