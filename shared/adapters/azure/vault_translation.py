"""Translates what the Key Vault client raises into the errors of this product."""

from collections.abc import Iterator
from contextlib import contextmanager

from azure.core.exceptions import HttpResponseError

from shared.adapters.azure.translation import TRANSPORT_ERRORS, retry_after
from shared.domain.errors import ConfigurationError, CredentialsRefused, ExportError, Throttled, Unavailable

_UNAUTHORIZED = 401
_FORBIDDEN = 403
_NOT_FOUND = 404
_REQUEST_TIMEOUT = 408
_CONFLICT = 409
_TOO_MANY_REQUESTS = 429
_BAD_REQUESTS = range(400, 500)


@contextmanager
def vault_errors(url: str, name: str, *, writing: bool = False) -> Iterator[None]:
    """Translate the errors met while the vault at *url* is asked for secret *name*, or while that is written."""
    try:
        yield
    except TRANSPORT_ERRORS as error:
        raise _translated(error, f"Key Vault {url}", name, writing=writing) from error
    except ValueError as error:  # the client distrusts the challenge of whoever answers there
        raise CredentialsRefused(f"What answers at {url} is no Key Vault; mend the setting KEY_VAULT_URL.") from error


def _translated(error: Exception, vault: str, name: str, *, writing: bool) -> ExportError:
    if not isinstance(error, HttpResponseError) or not error.status_code:
        return Unavailable(f"{vault} did not answer.")
    status = error.status_code
    verb = "write" if writing else "give"
    if status == _TOO_MANY_REQUESTS:
        return Throttled(f"{vault} asked to slow down.", after=retry_after(error))
    if status == _REQUEST_TIMEOUT or status not in _BAD_REQUESTS:
        return Unavailable(f"{vault} could not {verb} secret '{name}' (status {status}).", after=retry_after(error))
    return _unwritten(error, status, vault, name) if writing else _ungiven(error, status, vault, name)


def _ungiven(error: HttpResponseError, status: int, vault: str, name: str) -> ExportError:
    if status == _NOT_FOUND:
        return CredentialsRefused(f"{vault} has no secret '{name}'; create it, or mend secret_name of the connection.")
    if status == _UNAUTHORIZED:
        return CredentialsRefused(f"{vault} did not accept the app's identity; {_READER}")
    if status == _FORBIDDEN:
        advice = _FORBIDDEN_FOR.get(_code(error), _READER)
        return CredentialsRefused(f"{vault} refused to give secret '{name}'; {advice}")
    return CredentialsRefused(
        f"{vault} does not take '{name}' for the name of a secret (status {status}); "
        "mend secret_name of the connection."
    )


def _unwritten(error: HttpResponseError, status: int, vault: str, name: str) -> ExportError:
    if status == _UNAUTHORIZED:
        return CredentialsRefused(f"{vault} did not accept the app's identity; {_WRITER}")
    if status == _FORBIDDEN:
        advice = _FORBIDDEN_FOR.get(_code(error), _WRITER)
        return CredentialsRefused(f"{vault} refused to write secret '{name}'; {advice}")
    if status == _CONFLICT:
        return ConfigurationError(
            f"{vault} cannot write secret '{name}' now, most likely because a secret of this name was deleted and is "
            "kept for a while; recover that one in the vault, or choose another name."
        )
    return ConfigurationError(f"{vault} did not take the value for secret '{name}' (status {status}).")


def _code(error: HttpResponseError) -> str:
    """Return the vault's inner word for why it refused, for example ``SecretDisabled``; empty when it gave none."""
    inner = getattr(error.error, "innererror", None)
    return str(inner.get("code", "")) if isinstance(inner, dict) else ""


_READER = "give the app's identity the role 'Key Vault Secrets User' on the vault."
_WRITER = (
    "give the app's identity the role 'Key Vault Secrets Officer' on the vault (the deployment does with "
    "allowKeyEntry=true), or put the key into the vault yourself and name the secret in the connection."
)
_FORBIDDEN_FOR = {
    "ForbiddenByFirewall": "let the app's network through the vault's firewall.",
    "ForbiddenByConnection": "let the app's network reach the vault over its private endpoint.",
    "SecretDisabled": "enable it.",
}
