"""Collections of Klaviyo's, which come page by page, each page behind the cursor of the one before."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

from shared.adapters.klaviyo.client.json_api import resources
from shared.adapters.klaviyo.client.klaviyo_client import KlaviyoClient
from shared.adapters.klaviyo.client.klaviyo_request import KlaviyoRequest
from shared.domain.errors import ContractBroken
from shared.domain.sentences import say

MAX_PAGES = 20_000
"""The most pages of one collection, should Klaviyo's links ever run in a circle: 2,000,000 items."""


async def read_collection(
    client: KlaviyoClient,
    request: KlaviyoRequest,
    *,
    max_pages: int | None = None,
    when_gone: Callable[[], object] | None = None,
) -> AsyncIterator[list[dict[str, Any]]]:
    """Yield the resources of each page of the collection that *request* asks for.

    Where Klaviyo does not have the collection (404, 410), *when_gone* is called, and the collection counts as empty
    unless that raises. Raises `ContractBroken` where no *when_gone* is given, when a cursor comes twice, and when there
    are more than *max_pages* pages (by default `MAX_PAGES`).
    """
    query, cursors, most = dict(request.query or {}), set[str](), max_pages or MAX_PAGES
    while len(cursors) < most:
        answer = await client.ask(replace(request, query=query))
        if answer.is_of_nothing and when_gone:
            when_gone()
            return
        page, cursor = resources(answer.expect_success(request.rate).body)
        yield page
        if cursor is None:
            return
        if cursor in cursors:
            break
        cursors.add(cursor)
        query["page[cursor]"] = cursor
    raise ContractBroken(
        say(
            "klaviyo_endless_pages",
            "Klaviyo's pages of '{endpoint}' do not end; {pages:,} were read.",
            endpoint=request.rate.name,
            pages=len(cursors),
        )
    )
