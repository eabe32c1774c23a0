"""Calls about the account of a key, and about what the key may do."""

from shared.adapters.klaviyo.client.account_paces import AccountPaces
from shared.adapters.klaviyo.client.klaviyo_client import KlaviyoClient
from shared.adapters.klaviyo.client.klaviyo_request import KlaviyoRequest
from shared.adapters.klaviyo.client.rates import ACCOUNT, FLOWS, IMPORT, LISTS, PROFILES
from shared.adapters.klaviyo.client.which_account import WHICH_ACCOUNT, read_account
from shared.domain.errors import ScopeMissing
from shared.domain.runs.account_use import AccountUse
from shared.ports import Account


class AccountCalls:
    """Which account the key of *client* leads to; *paces* are those of every account that Klaviyo has named."""

    def __init__(self, client: KlaviyoClient, paces: AccountPaces) -> None:
        self._client = client
        self._paces = paces

    async def account(self) -> Account:
        """Return the account. From then on the client keeps one pace with every other key of the account."""
        async with self._client.checking:
            answer = (await self._client.ask(WHICH_ACCOUNT)).expect_success(ACCOUNT)
            account = read_account(answer.body)
            self._client.key.trust(answer.key, account.id)
        if self._client.key.account_id == account.id:
            self._client.paces = self._paces.of(account.id, self._client.paces)
        return account

    def use(self) -> AccountUse:
        """Return how the account was used lately."""
        return self._client.paces.of(IMPORT).use()

    def go_on_from(self, use: AccountUse) -> None:
        """Keep the limits from where the leg before, perhaps of another process, has left off."""
        self._client.paces.of(IMPORT).go_on_from(use)

    async def has_scope(self, scope: str) -> bool | None:
        """Tell whether the key has *scope*; None for a scope to write, as only a change could show it."""
        probe = _PROBES.get(scope)
        if probe is None:
            return None
        try:
            (await self._client.ask(probe)).expect_success(probe.rate)
        except ScopeMissing:
            return False
        return True


_PROBES = {
    "accounts:read": WHICH_ACCOUNT,
    "lists:read": KlaviyoRequest(
        "GET", "/api/lists", LISTS, "lists:read", query={"fields[list]": "name", "page[size]": "1"}
    ),
    "profiles:read": KlaviyoRequest(
        "GET", "/api/profiles", PROFILES, "profiles:read", query={"fields[profile]": "id", "page[size]": "1"}
    ),
    "flows:read": KlaviyoRequest(
        "GET", "/api/flows", FLOWS, "flows:read", query={"fields[flow]": "status", "page[size]": "1"}
    ),
}
"""For each scope the smallest request that needs this scope alone and shows no personal data."""
