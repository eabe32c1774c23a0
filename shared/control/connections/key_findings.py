"""What a key leads to and whether it may do what runs need, found out in a few cheap requests."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from shared.domain.config.scopes import ACCOUNTS_READ, FLOWS_READ, LISTS_READ, SCOPES, Scope
from shared.domain.errors import ConfigurationError, ScopeMissing
from shared.domain.sentences import Sentence
from shared.ports import Account, Flow, ListInfo, Sink

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class KeyFindings:
    """What was found out about a key.

    *account* is None when the key lacks the scope to ask. *missing* are scopes that the key lacks.
    *unchecked* are the scopes to write: only the first run shows whether the key has them.
    *target* is the list that was asked about; *list_problem* says why there is no such list.
    *flows* are those that take up people who are added to the list; None when they are not known.
    """

    account: Account | None
    missing: tuple[Scope, ...]
    unchecked: tuple[Scope, ...]
    target: ListInfo | None = None
    list_problem: Sentence | None = None
    flows: tuple[Flow, ...] | None = None


async def find_out(sink: Sink, list_id: str | None = None) -> KeyFindings:
    """Return what the key of *sink* leads to; this takes four requests, or six with a list.

    The sink must not be bound to an account: a bound sink asks no other account about its scopes.

    Raises `CredentialsRefused` for a key that Klaviyo does not know, `ContractBroken`, `Retryable`.
    """
    return await _Search(sink).carry_out(list_id)


class _Search:
    """One search; mutable, used once. *_known* says for each scope that was tried whether the key has it."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._known: dict[str, bool | None] = {}

    async def carry_out(self, list_id: str | None) -> KeyFindings:
        sink, target, flows = self._sink, None, None
        problem: Sentence | None = None
        account = await self._learn(ACCOUNTS_READ, sink.account)
        if list_id is not None:
            try:
                target = await self._learn(LISTS_READ, lambda: sink.list_details(list_id))
            except ConfigurationError as error:
                problem, self._known[LISTS_READ.name] = error.sentence, True
        if target is not None:
            flows = await self._learn(FLOWS_READ, lambda: sink.live_flows(target.id))
        for scope in SCOPES:
            if scope.name not in self._known:
                self._known[scope.name] = await sink.has_scope(scope.name)
        return KeyFindings(account, self._those(False), self._those(None), target, problem, flows)

    async def _learn(self, scope: Scope, ask: Callable[[], Awaitable[_Answer]]) -> _Answer | None:
        """Return the answer of *ask*, or None when the key lacks *scope*."""
        try:
            answer = await ask()
        except ScopeMissing:
            self._known[scope.name] = False
            return None
        self._known[scope.name] = True
        return answer

    def _those(self, state: bool | None) -> tuple[Scope, ...]:
        return tuple(scope for scope in SCOPES if self._known[scope.name] is state)
