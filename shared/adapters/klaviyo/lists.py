"""Calls about lists, and about the flows that a list sets off."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any, NoReturn
from urllib.parse import quote

import orjson

from shared.adapters.klaviyo.client.json_api import attributes, name_of, resource, resource_id, word
from shared.adapters.klaviyo.client.klaviyo_client import KlaviyoClient
from shared.adapters.klaviyo.client.klaviyo_request import KlaviyoRequest
from shared.adapters.klaviyo.client.paged_collection import read_collection
from shared.adapters.klaviyo.client.rates import LIST, LIST_FLOWS, LISTS, NEW_LIST
from shared.domain.errors import Unavailable, UnknownList
from shared.domain.sentences import say
from shared.ports import Flow, ListInfo

LISTS_A_PAGE = "10"
"""The most that Klaviyo takes for ``page[size]`` of lists (its OpenAPI, revision 2026-10-15)."""
MAX_LIST_PAGES = 1_000
"""10,000 lists, far more than anybody chooses from; Klaviyo is said to allow about a thousand."""


class ListCalls:
    """The lists of the account that the key of *client* leads to."""

    def __init__(self, client: KlaviyoClient) -> None:
        self._client = client

    async def details(self, list_id: str) -> ListInfo:
        """Return the list; raises `UnknownList` when there is none.

        An id that no list can have gets a 400. An id in other letters (``y6nrlr`` for ``Y6nRLr``) counts as unknown.
        """
        answer = await self._client.ask(KlaviyoRequest("GET", _path(list_id), LIST, "lists:read"))
        if answer.status in (HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST):
            raise _unknown(list_id)
        found = _list_info(resource(answer.expect_success(LIST).body))
        if found.id != list_id:
            raise _unknown(list_id)
        return found

    async def pages(self) -> AsyncIterator[list[ListInfo]]:
        """Yield the lists by name, ten at a time; raises `ContractBroken` behind `MAX_LIST_PAGES` pages."""
        query = {"fields[list]": "name,opt_in_process", "sort": "name", "page[size]": LISTS_A_PAGE}
        request = KlaviyoRequest("GET", "/api/lists", LISTS, "lists:read", query=query)
        async for page in read_collection(self._client, request, max_pages=MAX_LIST_PAGES):
            yield [_list_info(item) for item in page]

    async def make(self, name: str) -> ListInfo:
        """Make a list and return it.

        An attempt without an answer is not repeated: Klaviyo gives two lists the same name without a word. It takes
        150 new lists a day; after that it asks for a wait of hours, which raises `Throttled`.
        """

        def may_be_there() -> NoReturn:
            raise Unavailable(say("list_maybe_made", _MAYBE_MADE, name=name))

        body = orjson.dumps({"data": {"type": "list", "attributes": {"name": name}}})
        request = KlaviyoRequest("POST", "/api/lists", NEW_LIST, "lists:write", body=(body,))
        answer = await self._client.ask(request, on_lost=may_be_there)
        return _list_info(resource(answer.expect_success(NEW_LIST).body))

    async def live_flows(self, list_id: str) -> tuple[Flow, ...]:
        """Return the flows that take up everybody who is added to the list, but neither drafts nor archived ones.

        Raises `UnknownList`, and `ScopeMissing` when the key lacks ``flows:read``.
        """

        def no_list() -> NoReturn:
            raise _unknown(list_id)

        path, query = f"{_path(list_id)}/flow-triggers", {"fields[flow]": "name,status,archived"}
        request = KlaviyoRequest("GET", path, LIST_FLOWS, "flows:read and lists:read", query=query)
        pages = read_collection(self._client, request, when_gone=no_list)
        flows = [_live_flow(item) async for page in pages for item in page]
        return tuple(flow for flow in flows if flow)


def _list_info(item: dict[str, Any]) -> ListInfo:
    found = attributes(item)
    return ListInfo(resource_id(item, "a list"), name_of(found), word(found.get("opt_in_process")))


def _live_flow(item: dict[str, Any]) -> Flow | None:
    """Return the flow in *item*; None for a draft or an archived flow, which do nothing.

    A flow with the status ``manual`` takes people up as well: each of its messages has a status of its own.
    A flow without a status, or with a status that is new, may do anything, so it is returned.
    """
    found = attributes(item)
    status = word(found.get("status")) or "unknown"
    if status == "draft" or found.get("archived") is True:
        return None
    return Flow(resource_id(item, "a flow"), name_of(found), status)


def _path(list_id: str) -> str:
    if list_id in _DOTS or "/" in list_id:
        raise _unknown(list_id)
    return f"/api/lists/{quote(list_id, safe='')}"


def _unknown(list_id: str) -> UnknownList:
    return UnknownList(
        say(
            "list_unknown",
            "Klaviyo knows no list '{list}' in the account of this connection; mend list_id of the export "
            "(the list's page in Klaviyo shows it under Settings).",
            list=list_id,
        )
    )


_MAYBE_MADE = (
    "Klaviyo did not answer when asked to make the list '{name}', so the list may be there or not; look at the lists "
    "before you make it again."
)
_DOTS = ("", ".", "..")
"""In an address these are no names, not even when they are escaped; a slash may be taken for a step as well."""
