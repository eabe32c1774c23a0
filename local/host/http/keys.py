"""The keys of the host: who may call which function, and the admin addresses."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qsl

_ANONYMOUS, _ADMIN = "anonymous", "admin"


@dataclass(frozen=True, slots=True)
class Keys:
    """The two keys of a host: *function* opens functions, *master* opens everything."""

    function: str = field(repr=False)
    master: str = field(repr=False)

    @classmethod
    def fresh(cls) -> "Keys":
        """Return keys that nobody knows yet."""
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32))

    def opens(self, level: str, given: str) -> bool:
        """Return whether the key *given* opens a function whose bindings say the authorisation *level*."""
        if level == _ANONYMOUS:
            return True
        keys = (self.master,) if level == _ADMIN else (self.function, self.master)
        return any(secrets.compare_digest(key.encode(), given.encode()) for key in keys)

    def refusal_of_admin(self, given: str) -> HTTPStatus | None:
        """Return the status that refuses an admin address, None for the master key."""
        if self.opens(_ADMIN, given):
            return None
        return HTTPStatus.FORBIDDEN if self.opens("function", given) else HTTPStatus.UNAUTHORIZED


def given_key(headers: Mapping[str, str], query: str) -> str:
    """Return the key of a request: that of the header ``x-functions-key``, else ``?code=`` in any letter case."""
    if key := headers.get("x-functions-key"):
        return key
    return next((value for name, value in parse_qsl(query) if name.lower() == "code"), "")
