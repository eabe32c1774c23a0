"""Who makes a request, and which role they have.

In ``keys`` mode the Functions host checks a function key before the app gets a request; a caller with a function key is
an administrator. In ``entra`` mode App Service Authentication checks a token and writes a header that says whose it is.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Literal

import orjson

from shared.api.http.problems import Forbidden, Unauthorized
from shared.domain.sentences import Notice, Sentence, say
from shared.settings import AuthMode

PRINCIPAL = "x-ms-client-principal"
"""The header that App Service Authentication writes: JSON in Base64. It removes the header that a caller sends."""


class Role(IntEnum):
    """What a caller may do; each role may do everything that the roles before it may do."""

    READ = 1
    CONTRIBUTE = 2
    ADMINISTER = 3


RoleWord = Literal["read", "contribute", "administer"]
ROLE_WORDS: dict[Role, RoleWord] = {Role.READ: "read", Role.CONTRIBUTE: "contribute", Role.ADMINISTER: "administer"}
"""The roles as answers name them."""
ROLES = {"Exports.Read": Role.READ, "Exports.Contribute": Role.CONTRIBUTE, "Exports.Admin": Role.ADMINISTER}
"""The app roles of the registration in Entra ID."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who makes a request.

    *name* may be an e-mail address and stands only in the audit trail and in documents that people decide.
    *label* is never one, and stands everywhere else.
    """

    role: Role
    label: str
    name: str | None = None

    @property
    def is_administrator(self) -> bool:
        """Tell whether the caller may see and do everything."""
        return self.role is Role.ADMINISTER

    def reads(self, notice: Notice) -> Sentence:
        """Return the sentence of *notice* that is for the caller."""
        return notice.sentence if self.is_administrator else notice.public

    def require(self, role: Role) -> None:
        """Raise `Forbidden` unless the caller may do what *role* may do."""
        if self.role < role:
            more = "" if role is max(Role) else " or more"
            text = (
                f"This takes the role {{needed}}{more}; you have {{yours}}. "
                "An administrator of the app can give you another one."
            )
            raise Forbidden(say("role_too_low", text, needed=_name(role), yours=_name(self.role)))


def identify(mode: AuthMode, headers: Mapping[str, str]) -> Caller:
    """Return who sent *headers* (names in lower case); raises `Unauthorized` or `Forbidden`.

    The header is not signed, so only the ``entra`` mode, behind App Service Authentication, believes it.
    """
    if mode is AuthMode.KEYS:
        return Caller(Role.ADMINISTER, "A caller with a function key")
    text = headers.get(PRINCIPAL)
    if not text:
        text = "Nobody is signed in: send a token of Entra ID in the header Authorization, as 'Bearer …'."
        raise Unauthorized(say("not_signed_in", text))
    return _caller(_principal(text))


@dataclass(frozen=True, slots=True)
class _Principal:
    claims: tuple[tuple[str, str], ...]
    role_type: str
    name_type: str

    def values(self, *types: str) -> list[str]:
        return [value for kind, value in self.claims if kind in types]


def _principal(text: str) -> _Principal:
    try:
        document = orjson.loads(base64.b64decode(text, validate=True))
        claims = tuple((_text(claim["typ"]), _text(claim["val"])) for claim in document["claims"])
        return _Principal(claims, _text(document.get("role_typ") or ""), _text(document.get("name_typ") or ""))
    except (binascii.Error, ValueError, KeyError, TypeError, AttributeError) as error:
        text = "The header that says who is signed in cannot be read."
        raise Unauthorized(say("principal_unreadable", text)) from error


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise TypeError


def _caller(principal: _Principal) -> Caller:
    ids = principal.values("http://schemas.microsoft.com/identity/claims/objectidentifier", "oid")
    if not ids:
        text = "The header that says who is signed in names no object id."
        raise Unauthorized(say("principal_without_id", text))
    given = principal.values(
        "roles", "http://schemas.microsoft.com/ws/2008/06/identity/claims/role", principal.role_type
    )
    roles = [ROLES[role] for role in given if role in ROLES]
    if not roles:
        text = "You have none of the app roles {roles}; an administrator of the app can give you one."
        raise Forbidden(say("no_app_role", text, roles=", ".join(ROLES)))
    names = principal.values("preferred_username", principal.name_type, "name")
    return Caller(max(roles), f"The user with object id {ids[0][:64]}", names[0][:256] if names else None)


def _name(role: Role) -> str:
    return next(name for name, each in ROLES.items() if each is role)
