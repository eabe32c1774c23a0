"""A Klaviyo account as the pipeline sees it: takes batches, tells what became of them."""

from collections.abc import AsyncIterator, Callable, Mapping
from http import HTTPStatus
from typing import Any, NoReturn
from urllib.parse import quote

import aiohttp

from shared.adapters.klaviyo import wire
from shared.adapters.klaviyo.accounts import AccountPaces
from shared.adapters.klaviyo.client import WHICH_ACCOUNT, Answer, KlaviyoClient, Request
from shared.adapters.klaviyo.delivery import Delivery
from shared.adapters.klaviyo.key import Key
from shared.adapters.klaviyo.pace import (
    ACCOUNT,
    FLOWS,
    IMPORT,
    IMPORT_ERRORS,
    JOB,
    JOBS,
    LIST,
    LIST_FLOWS,
    LISTS,
    PROFILES,
    Rate,
)
from shared.domain.batches.batch import Batch
from shared.domain.errors import ContractBroken, ScopeMissing
from shared.domain.runs.isolation import IsolationBudget
from shared.domain.runs.receipt import ImportFault, JobReport, Sent
from shared.ports import Account, Clock, Flow, ListInfo, Secrets, UnknownList

JOBS_PATH = "/api/profile-bulk-import-jobs"
PAGE_SIZE = "100"
LISTS_A_PAGE = "10"
MAX_PAGES = 20_000
"""Pages of one collection at most, should Klaviyo's links ever run in a circle: 2,000,000 items."""
MAX_LIST_PAGES = 1_000
"""10,000 lists, far more than anybody chooses from; Klaviyo is said to allow about a thousand."""


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
        if self._client.key.account_id == account.id:
            self._client.paces = self._paces.of(account.id, self._client.paces)
        return account

    async def has_scope(self, scope: str) -> bool | None:
        """Tell whether the key has *scope*; None for one to write, as nothing shows it that surely changes nothing."""
        probe = _PROBES.get(scope)
        if probe is None:
            return None
        try:
            _ok(await self._client.ask(probe), probe.rate)
        except ScopeMissing:
            return False
        return True

    async def list_details(self, list_id: str) -> ListInfo:
        """Return the list; raises `UnknownList` when there is none."""
        answer = await self._get(_list_path(list_id), LIST, scopes="lists:read")
        if answer.status in (HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST):
            raise _unknown_list(list_id)
        found = wire.list_info(wire.resource(_ok(answer, LIST).body))
        if found.id != list_id:
            raise _unknown_list(list_id)
        return found

    async def lists(self) -> AsyncIterator[list[ListInfo]]:
        """Yield the account's lists by name, ten at a time as Klaviyo has it."""
        query = {"fields[list]": "name,opt_in_process", "sort": "name", "page[size]": LISTS_A_PAGE}
        async for page in self._pages("/api/lists", LISTS, query, "lists:read", max_pages=MAX_LIST_PAGES):
            yield [wire.list_info(item) for item in page]

    async def live_flows(self, list_id: str) -> tuple[Flow, ...]:
        """Return the flows that take up whoever is added to the list; raises `ScopeMissing`, `ConfigurationError`."""

        def no_list() -> NoReturn:
            raise _unknown_list(list_id)

        path, query = f"{_list_path(list_id)}/flow-triggers", {"fields[flow]": "name,status,archived"}
        pages = self._pages(path, LIST_FLOWS, query, "flows:read and lists:read", when_gone=no_list)
        flows = [wire.flow(item) async for page in pages for item in page]
        return tuple(flow for flow in flows if flow)

    async def send(
        self, batch: Batch, *, list_id: str, budget: IsolationBudget, fence: Callable[[], object] = lambda: None
    ) -> Sent:
        """Hand *batch* to Klaviyo for the list; refused rows are taken out as far as *budget* allows.

        *fence* is called before each request leaves. What is raised carries the receipts of what Klaviyo took before.
        """

        async def post(payload: bytes, on_lost: Callable[[], object]) -> Answer:
            body = wire.import_body(payload, list_id)
            scopes = "lists:write and profiles:write"
            return await self._client.ask(
                Request("POST", JOBS_PATH, IMPORT, scopes, body=body, fence=fence), on_lost=on_lost
            )

        return await Delivery(batch, budget, post=post, check_list=lambda: self.list_details(list_id)).carry_out()

    async def jobs(self) -> AsyncIterator[list[JobReport]]:
        """Yield the account's import jobs, newest first, a page at a time."""
        query = {"sort": "-created_at", "page[size]": PAGE_SIZE}
        async for page in self._pages(JOBS_PATH, JOBS, query, "lists:read and profiles:read"):
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
        query = {"page[size]": PAGE_SIZE}
        async for page in self._pages(path, IMPORT_ERRORS, query, "profiles:read", when_gone=lambda: None):
            for item in page:
                yield wire.import_fault(item)

    async def _pages(  # noqa: PLR0913 - what is asked, each by name
        self,
        path: str,
        rate: Rate,
        query: Mapping[str, str],
        scopes: str,
        *,
        max_pages: int | None = None,
        when_gone: Callable[[], None] | None = None,
    ) -> AsyncIterator[list[dict[str, Any]]]:
        asked, cursors, most = dict(query), set[str](), max_pages or MAX_PAGES
        while len(cursors) < most:
            answer = await self._get(path, rate, scopes=scopes, query=asked)
            if when_gone and answer.status in _GONE:
                when_gone()
                return
            page, cursor = wire.resources(_ok(answer, rate).body)
            yield page
            if cursor is None:
                return
            if cursor in cursors:
                break
            cursors.add(cursor)
            asked["page[cursor]"] = cursor
        raise ContractBroken(f"Klaviyo's pages of '{rate.name}' do not end; {len(cursors):,} were read.")

    async def _get(self, path: str, rate: Rate, *, scopes: str, query: Mapping[str, str] | None = None) -> Answer:
        return await self._client.ask(Request("GET", path, rate, scopes, query=query))


class KlaviyoSinks:
    """The `Sinks` port: one sink for each secret and account; those that lead to one account keep one pace."""

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
        """Return the sink; the key is read when it is first needed.

        Over one with *account_id* nothing goes to another account, whatever becomes of the key meanwhile.
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


def _ok(answer: Answer, rate: Rate) -> Answer:
    """Return *answer* when Klaviyo did what was asked at the endpoint of *rate*; raises `ContractBroken`."""
    if answer.status >= HTTPStatus.BAD_REQUEST:
        codes = ", ".join(sorted({error.code for error in wire.errors(answer.body)})) or "no code"
        raise ContractBroken(
            f"Klaviyo, {rate.name}: status {answer.status} ({codes}), which its rules do not foresee; "
            "look at its status page."
        )
    return answer


def _list_path(list_id: str) -> str:
    if list_id in _DOTS or "/" in list_id:
        raise _unknown_list(list_id)
    return f"/api/lists/{quote(list_id, safe='')}"


def _unknown_list(list_id: str) -> UnknownList:
    return UnknownList(
        f"Klaviyo knows no list '{list_id}' in the account of this connection; mend list_id of the export "
        "(the list's page in Klaviyo shows it under Settings)."
    )


_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_DOTS = ("", ".", "..")
"""In an address these are steps or nothing, also when they are escaped; as a slash may be."""
_PROBES = {
    "accounts:read": WHICH_ACCOUNT,
    "lists:read": Request("GET", "/api/lists", LISTS, "lists:read", query={"fields[list]": "name", "page[size]": "1"}),
    "profiles:read": Request(
        "GET", "/api/profiles", PROFILES, "profiles:read", query={"fields[profile]": "id", "page[size]": "1"}
    ),
    "flows:read": Request(
        "GET", "/api/flows", FLOWS, "flows:read", query={"fields[flow]": "status", "page[size]": "1"}
    ),
}
"""The smallest request that needs this scope alone, and shows nothing of anybody."""
