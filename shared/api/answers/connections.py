"""What is answered about connections and the Klaviyo accounts behind them."""

from dataclasses import dataclass
from typing import Literal

from shared.domain.config.scopes import Scope
from shared.domain.sentences import Sentence
from shared.ports import Account, Flow, ListInfo


@dataclass(frozen=True, slots=True)
class ConnectionShown:
    """What is shown of a connection beside its document; *may* are the caller's rights."""

    kind: Literal["klaviyo"]
    may: list[str]
    self: str


@dataclass(frozen=True, slots=True)
class ConsentTexts:
    """Every text of a consent by its version, and which version is *current*."""

    current: str
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class ScopesShown:
    """The scopes that a key lacks, and those that nothing shows before the first run."""

    missing: list[Scope]
    unchecked: list[Scope]


@dataclass(frozen=True, slots=True)
class ConnectionCheckShown:
    """What a test of a connection found out; None for what is not known."""

    is_usable: bool
    problems: tuple[Sentence, ...]
    account: Account | None = None
    scopes: ScopesShown | None = None
    list: ListInfo | None = None
    live_flows: tuple[Flow, ...] | None = None


@dataclass(frozen=True, slots=True)
class ListShown:
    """A list that somebody may choose."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists by name; *is_complete* unless the account has more than anybody can look through."""

    lists: list[ListShown]
    is_complete: bool


@dataclass(frozen=True, slots=True)
class ExportsParted:
    """The ids of the exports that went with a connection, and of those that lost it."""

    remove: list[str]
    detach: list[str]


@dataclass(frozen=True, slots=True)
class RemovedConnection:
    """What became of a connection; *kept_secret* is the name of the secret with its key, which stays in the vault."""

    id: str
    exports: ExportsParted
    kept_secret: str | None
