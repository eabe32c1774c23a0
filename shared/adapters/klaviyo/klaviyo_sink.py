"""The ports `Sink` and `Sinks` over Klaviyo's API: the calls of one account, put together."""

from collections.abc import AsyncIterator, Callable

import aiohttp

from shared.adapters.klaviyo.account import AccountCalls
from shared.adapters.klaviyo.client.account_key import Key
from shared.adapters.klaviyo.client.account_paces import AccountPaces
from shared.adapters.klaviyo.client.klaviyo_client import KlaviyoClient
from shared.adapters.klaviyo.import_body import MAX_PROFILES, max_payload_bytes
from shared.adapters.klaviyo.import_requests import ImportCalls
from shared.adapters.klaviyo.lists import ListCalls
from shared.adapters.klaviyo.profiles import encode_profile
from shared.domain.batches.batch import Batch
from shared.domain.runs.account_use import AccountUse
from shared.domain.runs.isolation_budget import IsolationBudget
from shared.domain.runs.receipt import ImportFault, JobReport, Sent
from shared.domain.runs.receipt_collector import ReceiptCollector
from shared.ports import Account, Clock, Flow, ListInfo, Secrets


class KlaviyoSink:
    """The `Sink` port: one Klaviyo account, over the key of *client*."""

    max_profiles = MAX_PROFILES
    encode = staticmethod(encode_profile)  # no method: it is called for each row

    def __init__(self, client: KlaviyoClient, paces: AccountPaces) -> None:
        self._account = AccountCalls(client, paces)
        self._lists = ListCalls(client)
        self._imports = ImportCalls(client, self._lists.details)

    def max_bytes(self, list_id: str) -> int:
        """Return how many bytes of encoded profiles, joined by commas, fit into one request for the list."""
        return max_payload_bytes(list_id)

    async def account(self) -> Account:
        """Return the account that the key leads to."""
        return await self._account.account()

    async def has_scope(self, scope: str) -> bool | None:
        """Tell whether the key has *scope*; None where only a change could show it."""
        return await self._account.has_scope(scope)

    async def list_details(self, list_id: str) -> ListInfo:
        """Return the list; raises `UnknownList` when there is none."""
        return await self._lists.details(list_id)

    def lists(self) -> AsyncIterator[list[ListInfo]]:
        """Yield the account's lists by name, ten at a time."""
        return self._lists.pages()

    async def make_list(self, name: str) -> ListInfo:
        """Make a list and return it; raises `Unavailable` where Klaviyo may have made it without an answer."""
        return await self._lists.make(name)

    async def live_flows(self, list_id: str) -> tuple[Flow, ...]:
        """Return the flows that take up everybody who is added to the list; raises `ScopeMissing`, `UnknownList`."""
        return await self._lists.live_flows(list_id)

    async def send(
        self,
        batch: Batch,
        *,
        list_id: str,
        budget: IsolationBudget,
        collector: ReceiptCollector,
        fence: Callable[[], object] = lambda: None,
    ) -> Sent:
        """Hand *batch* to Klaviyo for the list; *collector* is told of every receipt at once."""
        return await self._imports.send(batch, list_id=list_id, budget=budget, collector=collector, fence=fence)

    def use(self) -> AccountUse:
        """Return how the account was used lately."""
        return self._account.use()

    def go_on_from(self, use: AccountUse) -> None:
        """Keep the account's limits from where the leg before has left off."""
        self._account.go_on_from(use)

    async def newest_job(self) -> JobReport | None:
        """Return the account's newest import job, whoever has made it; None when there is none."""
        return await self._imports.newest_job()

    def jobs(self) -> AsyncIterator[list[JobReport]]:
        """Yield the account's import jobs, newest first, a page at a time."""
        return self._imports.jobs()

    async def job(self, job_id: str) -> JobReport | None:
        """Return one import job, or None when Klaviyo does not know the job, or no longer."""
        return await self._imports.job(job_id)

    def import_faults(self, job_id: str) -> AsyncIterator[ImportFault]:
        """Yield every row that the job refused, all pages of them."""
        return self._imports.faults(job_id)


class KlaviyoSinks:
    """The `Sinks` port: one sink for each secret and account; sinks of one account keep one pace."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        base_url: str,
        secrets: Secrets,
        *,
        clock: Clock,
        draw: Callable[[], float],
    ) -> None:
        self._session = session
        self._base_url = base_url
        self._secrets = secrets
        self._clock = clock
        self._draw = draw
        self._paces = AccountPaces(clock)
        self._keys: dict[str, Key] = {}
        self._sinks: dict[tuple[str, str | None], KlaviyoSink] = {}

    def __call__(self, secret_name: str, account_id: str | None = None) -> KlaviyoSink:
        """Return the sink; the key is read from its secret when the sink first needs it.

        A sink with an *account_id* sends nothing to another account, also when the key is exchanged meanwhile.
        """
        found = self._sinks.get((secret_name, account_id))
        if found is None:
            found = self._sinks[secret_name, account_id] = self._new_sink(secret_name, account_id)
        return found

    def _new_sink(self, secret_name: str, account_id: str | None) -> KlaviyoSink:
        key = self._keys.setdefault(secret_name, Key(self._secrets, secret_name))
        client = KlaviyoClient(
            self._session,
            self._base_url,
            key=key.for_account(account_id) if account_id else key,
            clock=self._clock,
            draw=self._draw,
        )
        if account_id:
            client.paces = self._paces.of(account_id, client.paces)
        return KlaviyoSink(client, self._paces)
