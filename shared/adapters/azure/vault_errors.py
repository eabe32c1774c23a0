"""Translates what the Key Vault client raises into the errors of this product."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from azure.core.exceptions import HttpResponseError

from shared.adapters.azure.storage_errors import TRANSPORT_ERRORS, retry_after
from shared.domain.errors import (
    CONNECTION_TROUBLE,
    ConfigurationError,
    CredentialsRefused,
    ExportError,
    Throttled,
    Unavailable,
)
from shared.domain.sentences import Sentence, say

UNUSABLE = "secret_unusable"
"""The code of the sentence for a secret that cannot be used."""
_BAD_REQUESTS = range(400, 500)
_LET_IN_NOBODY = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_NO_SUCH = tuple(status for status in _BAD_REQUESTS if status not in _LET_IN_NOBODY)


@contextmanager
def vault_errors(url: str, name: str, *, writing: bool = False) -> Iterator[None]:
    """Translate what the client raises while the block asks the vault at *url* for secret *name*, or writes it.

    Raises `CredentialsRefused`, `ConfigurationError`, `Throttled`, `Unavailable`; the public sentence of each names
    neither the vault nor the secret.
    """
    try:
        yield
    except TRANSPORT_ERRORS as error:
        raise _translated(error, url, name, writing=writing) from error
    except ValueError as error:  # the client distrusts the challenge of a server that is no vault
        raise CredentialsRefused(_said("no_key_vault", url, name), public=CONNECTION_TROUBLE) from error


def unusable_secret(url: str, name: str) -> CredentialsRefused:
    """Return the error for a secret that is no key that can be used, for whatever reason."""
    return CredentialsRefused(_said(UNUSABLE, url, name), public=CONNECTION_TROUBLE)


def _translated(error: Exception, url: str, name: str, *, writing: bool) -> ExportError:
    if not isinstance(error, HttpResponseError) or not error.status_code:
        return Unavailable(_said("vault_no_answer", url, name), public=CONNECTION_TROUBLE)
    status, wait = error.status_code, retry_after(error)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Throttled(_said("vault_throttled", url, name), after=wait, public=CONNECTION_TROUBLE)
    verb = "write" if writing else "give"
    if status == HTTPStatus.REQUEST_TIMEOUT or status not in _BAD_REQUESTS:
        failed = _said("vault_failed", url, name, verb=verb, status=status)
        return Unavailable(failed, after=wait, public=CONNECTION_TROUBLE)
    if not writing and (status in _NO_SUCH or _inner_code(error) == "SecretDisabled"):
        return unusable_secret(url, name)
    if status in _LET_IN_NOBODY:
        return CredentialsRefused(_refused(error, url, name, verb), public=CONNECTION_TROUBLE)
    code = "secret_deleted" if status == HTTPStatus.CONFLICT else "secret_value_refused"
    return ConfigurationError(_said(code, url, name, status=status), public=CONNECTION_TROUBLE)


def _refused(error: HttpResponseError, url: str, name: str, verb: str) -> Sentence:
    """Return why the vault does not let the app in (401), or does not let it *verb* the secret (403)."""
    if error.status_code == HTTPStatus.UNAUTHORIZED:
        return _said("vault_identity_unknown", url, name, advice=_ROLE_TO[verb])
    if code := _FORBIDDEN_BY.get(_inner_code(error)):
        return _said(code, url, name, verb=verb)
    return _said("vault_role_missing", url, name, verb=verb, advice=_ROLE_TO[verb])


def _said(code: str, url: str, name: str, **values: str | int) -> Sentence:
    """Return the sentence with this code about secret *name* of the vault at *url*; *values* are the others in it."""
    return say(code, _TEXTS[code], vault=url, secret=name, **values)


def _inner_code(error: HttpResponseError) -> str:
    """Return the vault's inner word for a refusal, for example ``SecretDisabled``; empty when the vault gave none."""
    inner = getattr(error.error, "innererror", None)
    return str(inner.get("code", "")) if isinstance(inner, dict) else ""


_TEXTS = {
    "no_key_vault": "What answers at {vault} is no Key Vault; mend the setting KEY_VAULT_URL.",
    "vault_no_answer": "Key Vault {vault} did not answer.",
    "vault_throttled": "Key Vault {vault} asked to slow down.",
    "vault_failed": "Key Vault {vault} could not {verb} secret '{secret}' (status {status}).",
    "vault_identity_unknown": "Key Vault {vault} did not accept the app's identity; {advice}",
    "vault_role_missing": "Key Vault {vault} refused to {verb} secret '{secret}'; {advice}",
    "vault_firewall": (
        "Key Vault {vault} refused to {verb} secret '{secret}'; let the app's network through the vault's firewall."
    ),
    "vault_private_endpoint": (
        "Key Vault {vault} refused to {verb} secret '{secret}'; let the app's network reach the vault over its private "
        "endpoint."
    ),
    UNUSABLE: (
        "Secret '{secret}' of Key Vault {vault} cannot be used. It must be there and enabled, hold Klaviyo's private "
        "key and nothing else, and have a name that begins as the setting SECRETS_PREFIX says ('klaviyo-' by itself)."
    ),
    "secret_deleted": (
        "Key Vault {vault} cannot write secret '{secret}' now, most likely because a secret of this name was deleted "
        "and is kept for a while; recover that one in the vault, or choose another name."
    ),
    "secret_value_refused": "Key Vault {vault} did not take the value for secret '{secret}' (status {status}).",
}
_FORBIDDEN_BY = {
    "ForbiddenByFirewall": "vault_firewall",
    "ForbiddenByConnection": "vault_private_endpoint",
}
_ROLE_TO = {
    "give": "give the app's identity the role 'Key Vault Secrets User' on the vault.",
    "write": (
        "give the app's identity the role 'Key Vault Secrets Officer' on the vault (the deployment does with "
        "allowKeyEntry=true), or put the key into the vault yourself and name the secret in the connection."
    ),
}
