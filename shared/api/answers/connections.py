"""Answers about connections and the Klaviyo accounts behind them."""

from dataclasses import dataclass
from typing import Literal

from shared.domain.config.scopes import Scope
from shared.domain.consent_texts import Language
from shared.domain.sentences import Sentence
from shared.ports import Account, Flow, ListInfo


@dataclass(frozen=True, slots=True)
class ConnectionShown:
    """What an answer has beside the document of a connection; *may* are the caller's rights."""

    kind: Literal["klaviyo"]
    may: list[str]
    self: str


@dataclass(frozen=True, slots=True)
class ConsentTexts:
    """Every text of a consent by its version, in one language; *current* is the version that people agree to now.

    *languages* are all in which there is a text of the current version. They say the same.
    """

    current: str
    language: Language
    languages: tuple[Language, ...]
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class ScopesShown:
    """The scopes that a key lacks, and the *unchecked* ones: only the first run shows whether the key has them."""

    missing: list[Scope]
    unchecked: list[Scope]


@dataclass(frozen=True, slots=True)
class ConnectionCheckShown:
    """What a test of a connection has found out; None stands for what is not known."""

    is_usable: bool
    problems: tuple[Sentence, ...]
    account: Account | None = None
    scopes: ScopesShown | None = None
    list: ListInfo | None = None
    live_flows: tuple[Flow, ...] | None = None


@dataclass(frozen=True, slots=True)
class ListShown:
    """A list in the Klaviyo account, to choose from.

    *opt_in* is Klaviyo's word for how people join the list by themselves, None where it gives none.
    """

    id: str
    name: str
    opt_in: str | None


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists, ordered by name; *is_complete* is false when the account has more lists than the app reads."""

    lists: list[ListShown]
    is_complete: bool


@dataclass(frozen=True, slots=True)
class ExportsParted:
    """The ids of the exports that were removed with a connection, and of those that were detached from it."""

    remove: list[str]
    detach: list[str]


@dataclass(frozen=True, slots=True)
class RemovedConnection:
    """A connection that was removed.

    *kept_secret* is the name of the secret with the key, which stays in the vault; null where another connection has
    it too.
    """

    id: str
    exports: ExportsParted
    kept_secret: str | None
