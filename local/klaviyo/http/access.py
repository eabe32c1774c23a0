"""Checks the key of a request, then its scopes, headers and parameters."""

import re
from collections.abc import Iterable, Mapping

from local.klaviyo.account.accounts import Account
from local.klaviyo.http.endpoints import Endpoint
from local.klaviyo.http.problems import (
    Problem,
    Refused,
    invalid_parameter,
    not_authenticated,
    not_permitted,
    unknown_key,
    wrong_media_type,
)

JSON_API = "application/vnd.api+json"

_SCHEME = "Klaviyo-API-Key "
_REVISION = re.compile(r"20[0-9]{2}-[01][0-9]-[0-3][0-9](\.[a-z]+)?")


def authenticate(accounts: Iterable[Account], headers: Mapping[str, str]) -> tuple[Account, frozenset[str]]:
    """Return the account of the request's key, and the key's scopes; raises `Refused` (401)."""
    authorization = headers.get("authorization", "")
    if not authorization.startswith(_SCHEME):
        raise not_authenticated()
    key = authorization.removeprefix(_SCHEME).strip()
    for account in accounts:
        if key in account.keys:
            return account, account.keys[key]
    raise unknown_key()


def check(endpoint: Endpoint, scopes: frozenset[str], headers: Mapping[str, str], query: Mapping[str, str]) -> None:
    """Raise `Refused` (400, 403, 415) unless the scopes allow the request and its headers and parameters are right."""
    if not endpoint.scopes <= scopes:
        raise not_permitted()
    if not _REVISION.fullmatch(headers.get("revision", "")):
        title = "Invalid revision."
        detail = "The 'revision' header must hold a date as YYYY-MM-DD."
        raise Refused(400, Problem(detail, code="invalid", title=title))
    if endpoint.method == "POST":
        _check_media_type(headers.get("content-type", ""))
    for name in query:
        if name not in endpoint.parameters:
            raise invalid_parameter(name, f"'{name}' is not a parameter of this endpoint.")


def _check_media_type(media_type: str) -> None:
    if media_type.partition(";")[0].strip().lower() != JSON_API:
        raise wrong_media_type(media_type)
