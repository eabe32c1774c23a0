"""Finds out, in a few cheap requests, what a key leads to and whether it may do what runs need."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from shared.domain.config.scopes import ACCOUNTS_READ, FLOWS_READ, LISTS_READ, SCOPES, Scope
from shared.domain.errors import ConfigurationError, ScopeMissing
from shared.ports import Account, Flow, ListInfo, Sink

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class ConnectionCheck:
    """What was found out.

    *account* is None when the key may not ask. *unchecked* are the scopes to write: nothing shows those before the
    first run. *target* is the list that was asked about, *list_problem* says why there is none. *flows* take up whoever
    is added to it; None when that is not known.
    """

    account: Account | None
    missing: tuple[Scope, ...]
    unchecked: tuple[Scope, ...]
    target: ListInfo | None = None
    list_problem: str | None = None
    flows: tuple[Flow, ...] | None = None

    @property
    def is_usable(self) -> bool:
        """Tell whether nothing is known that would fail a run."""
        return self.list_problem is None and not any(scope.required for scope in self.missing)


async def check_connection(sink: Sink, list_id: str | None = None) -> ConnectionCheck:
    """Return what the key of *sink* leads to, in four requests of which one is `account`.

    The sink must not be one for a certain account, as it would not ask another one about its scopes.

    Raises `CredentialsRefused` for a key that Klaviyo does not know, `ContractBroken`, `Retryable`.
    """
    return await _Check(sink).carry_out(list_id)


class _Check:
    """One check; mutable, used once. *known* are the scopes about which something was learnt on the way."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._known: dict[str, bool | None] = {}

    async def carry_out(self, list_id: str | None) -> ConnectionCheck:
        sink, target, flows, problem = self._sink, None, None, None
        account = await self._learn(ACCOUNTS_READ, sink.account)
        if list_id is not None:
            try:
                target = await self._learn(LISTS_READ, lambda: sink.list_details(list_id))
            except ConfigurationError as error:
                problem, self._known[LISTS_READ.name] = str(error), True
        if target is not None:
            flows = await self._learn(FLOWS_READ, lambda: sink.live_flows(target.id))
        for scope in SCOPES:
            if scope.name not in self._known:
                self._known[scope.name] = await sink.has_scope(scope.name)
        return ConnectionCheck(account, self._those(False), self._those(None), target, problem, flows)

    async def _learn(self, scope: Scope, ask: Callable[[], Awaitable[_Answer]]) -> _Answer | None:
        """Return the answer, None when the key lacks *scope* for it."""
        try:
            answer = await ask()
        except ScopeMissing:
            self._known[scope.name] = False
            return None
        self._known[scope.name] = True
        return answer

    def _those(self, state: bool | None) -> tuple[Scope, ...]:
        return tuple(scope for scope in SCOPES if self._known[scope.name] is state)
