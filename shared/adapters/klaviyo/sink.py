"""A Klaviyo account as the pipeline sees it: takes batches, tells what became of them."""

from collections.abc import AsyncIterator, Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import aiohttp

from shared.adapters.klaviyo import wire
from shared.adapters.klaviyo.accounts import AccountPaces
from shared.adapters.klaviyo.client import WHICH_ACCOUNT, Answer, KlaviyoClient, Request
from shared.adapters.klaviyo.delivery import Delivery
from shared.adapters.klaviyo.key import Key
from shared.adapters.klaviyo.pace import ACCOUNT, IMPORT, IMPORT_ERRORS, JOB, JOBS, LIST, Rate
from shared.domain.batch import Batch
from shared.domain.errors import ConfigurationError, ContractBroken
from shared.domain.isolation import IsolationBudget
from shared.domain.receipt import ImportFault, JobReport, Sent
from shared.ports import Account, Clock, Secrets

JOBS_PATH = "/api/profile-bulk-import-jobs"
PAGE_SIZE = "100"
MAX_PAGES = 20_000
"""Pages of one collection at most, should Klaviyo's links ever run in a circle: 2,000,000 items."""


class KlaviyoSink:
    """The `Sink` port over Klaviyo's API."""

    max_profiles = wire.MAX_PROFILES

    def __init__(self, client: KlaviyoClient, paces: AccountPaces) -> None:
        self._client = client
        self._paces = paces

    def max_bytes(self, list_id: str) -> int:
        """Return how many bytes of encoded profiles, joined by commas, fit into one request for the list."""
        return wire.max_payload_bytes(list_id)

    def encode(self, attributes: Mapping[str, Any]) -> bytes:
        """Return one profile as it stands in a request."""
        return wire.encode_profile(attributes)

    async def account(self) -> Account:
        """Return the account that the key leads to."""
        answer = _ok(await self._client.ask(WHICH_ACCOUNT), ACCOUNT)
        account = wire.account(answer.body)
        self._client.key.trust(answer.key, account.id)
        self._client.paces = self._paces.of(account.id, self._client.paces)
        return account

    async def list_name(self, list_id: str) -> str:
        """Return the name of the list; raises `ConfigurationError` when there is none."""
        if list_id in _DOTS or "/" in list_id:
            raise _unknown_list(list_id)
        answer = await self._get(f"/api/lists/{quote(list_id, safe='')}", LIST, scopes="lists:read")
        if answer.status in (HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST):
            raise _unknown_list(list_id)
        found = wire.resource(_ok(answer, LIST).body)
        if found["id"] != list_id:
            raise _unknown_list(list_id)
        return str(wire.attributes(found).get("name") or "")

    async def send(self, batch: Batch, *, list_id: str, budget: IsolationBudget) -> Sent:
        """Hand *batch* to Klaviyo for the list; refused rows are taken out as far as *budget* allows.

        What it raises carries the receipts of what Klaviyo took until then.
        """

        async def post(payload: bytes, on_lost: Callable[[], object]) -> Answer:
            body = wire.import_body(payload, list_id)
            scopes = "lists:write and profiles:write"
            return await self._client.ask(Request("POST", JOBS_PATH, IMPORT, scopes, body=body), on_lost=on_lost)

        return await Delivery(batch, budget, post=post, check_list=lambda: self.list_name(list_id)).carry_out()

    async def jobs(self) -> AsyncIterator[list[JobReport]]:
        """Yield the account's import jobs, newest first, a page at a time."""
        async for page in self._pages(JOBS_PATH, JOBS, {"sort": "-created_at"}, "lists:read and profiles:read"):
            yield [wire.job_report(item) for item in page]

    async def job(self, job_id: str) -> JobReport | None:
        """Return one import job, or None when Klaviyo does not know it (any more)."""
        answer = await self._get(f"{JOBS_PATH}/{quote(job_id, safe='')}", JOB, scopes="lists:read and profiles:read")
        if answer.status in _GONE:
            return None
        return wire.job_report(wire.resource(_ok(answer, JOB).body))

    async def import_faults(self, job_id: str) -> AsyncIterator[ImportFault]:
        """Yield every row that the job refused, all pages of them; none (any more) when Klaviyo has forgotten it."""
        path = f"{JOBS_PATH}/{quote(job_id, safe='')}/import-errors"
        async for page in self._pages(path, IMPORT_ERRORS, {}, "profiles:read", may_be_gone=True):
            for item in page:
                yield wire.import_fault(item)

    async def _pages(
        self, path: str, rate: Rate, query: Mapping[str, str], scopes: str, *, may_be_gone: bool = False
    ) -> AsyncIterator[list[dict[str, Any]]]:
        asked, cursors = {**query, "page[size]": PAGE_SIZE}, set[str]()
        while len(cursors) < MAX_PAGES:
            answer = await self._get(path, rate, scopes=scopes, query=asked)
            if may_be_gone and answer.status in _GONE:
                return
            page, cursor = wire.resources(_ok(answer, rate).body)
            yield page
            if cursor is None:
                return
            if cursor in cursors:
                break
            cursors.add(cursor)
            asked["page[cursor]"] = cursor
        raise ContractBroken(f"Klaviyo's pages of '{rate.name}' do not end.")

    async def _get(self, path: str, rate: Rate, *, scopes: str, query: Mapping[str, str] | None = None) -> Answer:
        return await self._client.ask(Request("GET", path, rate, scopes, query=query))


class KlaviyoSinks:
    """The `Sinks` port: one sink for each secret; those that lead to one account keep one pace."""

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
        self._sinks: dict[str, KlaviyoSink] = {}

    def __call__(self, secret_name: str) -> KlaviyoSink:
        """Return the sink; the key is read when it is first needed."""
        if secret_name not in self._sinks:
            client = KlaviyoClient(
                self._session,
                self._base_url,
                key=Key(self._secrets, secret_name),
                clock=self._clock,
                draw=self._draw,
            )
            self._sinks[secret_name] = KlaviyoSink(client, self._paces)
        return self._sinks[secret_name]


def _ok(answer: Answer, rate: Rate) -> Answer:
    """Return *answer* when Klaviyo did what was asked at the endpoint of *rate*; raises `ContractBroken`."""
    if answer.status >= HTTPStatus.BAD_REQUEST:
        codes = ", ".join(sorted({error.code for error in wire.errors(answer.body)})) or "no code"
        raise ContractBroken(
            f"Klaviyo, {rate.name}: status {answer.status} ({codes}), which its rules do not foresee; "
            "look at its status page."
        )
    return answer


def _unknown_list(list_id: str) -> ConfigurationError:
    return ConfigurationError(
        f"Klaviyo knows no list '{list_id}' in the account of this connection; mend list_id of the export "
        "(the list's page in Klaviyo shows it under Settings)."
    )


_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_DOTS = (".", "..")
"""In an address these are steps, also when they are escaped; as a slash may be."""
