"""What Klaviyo says before a run about the account, the list, the flows at its door, and other programs."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self, TypeVar

from shared.domain.config.connection import Connection
from shared.domain.config.export import Export
from shared.domain.errors import ExportError
from shared.domain.runs.account_use import AccountUse
from shared.domain.sentences import Sentence
from shared.pipeline.plan.live_flows import ask_for_flows, tell_of_flows
from shared.pipeline.watching.account_check import known_account
from shared.pipeline.watching.time_limit import ends_within
from shared.ports import Clock, ListInfo, Sink

_T = TypeVar("_T")
IDLE = timedelta(minutes=2)
"""The limits are those of a minute, and clocks may differ."""
IDLE_SECONDS = 2.0
"""So long a run that knows all else waits to hear that the account is idle; its first import would wait as long."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a run sends: Klaviyo's id of the account, where it is known, and the list; with *warnings* about it."""

    account_id: str | None
    list: ListInfo
    warnings: tuple[Sentence, ...]


async def check_target(export: Export, connection: Connection, sink: Sink, clock: Clock, *, is_first: bool) -> Target:
    """Return where a run of *export* sends; *is_first* tells that it is the first run into the list.

    Where nobody has imported into the account lately, the sink learns this, so that the run begins at full pace.
    All is asked for at the same time; what a key that is new may lead to is found out first.
    Of several faults the first one is raised, in this order: `ConfigurationError` and `CredentialsRefused` for the key
    and its account, then `UnknownList`, then `LiveFlow`. Raises `Retryable`.
    """
    async with _Questions() as questions:
        account = questions.ask(known_account(sink, connection.account_id, connection.secret_name))
        details = questions.ask(sink.list_details(export.list_id))
        flows = None if export.allow_flows else questions.ask(ask_for_flows(sink, export.list_id))
        idle = questions.ask(_use_of_an_idle_account(sink, clock))
        account_id, found = await account, await details
        warnings = () if flows is None else tell_of_flows(export, found, await flows, is_first=is_first)
        if use := await _soon(idle, clock):
            sink.go_on_from(use)
    return Target(account_id, found, warnings)


async def _use_of_an_idle_account(sink: Sink, clock: Clock) -> AccountUse | None:
    """Return the use of the account where nobody has imported into it for `IDLE`, else None. It holds as of now."""
    newest = await sink.newest_job()
    is_idle = newest is None or newest.created_at + IDLE < clock.now()
    return AccountUse(clock.now(), (), is_alone=True) if is_idle else None


async def _soon(question: asyncio.Task[AccountUse | None], clock: Clock) -> AccountUse | None:
    """Return the answer to *question*; None where Klaviyo does not answer, or not within `IDLE_SECONDS` from now on."""
    with suppress(ExportError):
        return question.result() if await ends_within(IDLE_SECONDS, clock, question) else None
    return None


class _Questions:
    """Questions that are asked at the same time; at the end of the block, those without an answer are given up."""

    def __init__(self) -> None:
        self._asked: list[asyncio.Task[Any]] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._asked:
            task.cancel()
        await asyncio.gather(*self._asked, return_exceptions=True)

    def ask(self, question: Coroutine[Any, Any, _T]) -> asyncio.Task[_T]:
        task = asyncio.ensure_future(question)
        self._asked.append(task)
        return task
