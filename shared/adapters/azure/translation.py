"""Translates what Azure raises into the errors of this product, once."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import aiohttp
from azure.core.exceptions import AzureError, HttpResponseError

from shared.domain.errors import (
    ConfigurationError,
    Conflict,
    ContractBroken,
    CredentialsRefused,
    ExportError,
    Throttled,
    Unavailable,
)

TRANSPORT_ERRORS = (AzureError, aiohttp.ClientError, OSError)
"""What the Azure clients raise; the last two where one of them lets its transport's own error through."""

T = TypeVar("T")

_UNAUTHORIZED = 401
_FORBIDDEN = 403
_NOT_FOUND = 404
_REQUEST_TIMEOUT = 408
_PRECONDITION_FAILED = 412
_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500


@contextmanager
def storage_errors(doing: str) -> Iterator[None]:
    """Translate Azure's errors met while *doing* something (a verb and its object, for the message).

    Never around a ``yield`` of an asynchronous generator: what a consumer throws in there is not Azure's.
    """
    try:
        yield
    except TRANSPORT_ERRORS as error:
        raise _translated(error, doing) from error


class Translated(AsyncIterator[T]):
    """The *items* of an Azure client, whose errors come translated; a consumer's own errors never pass through."""

    def __init__(self, items: AsyncIterator[T], doing: str) -> None:
        self._items = items
        self._doing = doing

    async def __anext__(self) -> T:
        with storage_errors(self._doing):
            return await anext(self._items)


def error_code(error: Exception) -> str:
    """Return the service's own word for *error*, for example ``BlobNotFound``; empty when it gave none."""
    code = getattr(error, "error_code", None)
    return str(getattr(code, "value", code) or "")


def lacks_container(error: Exception) -> bool:
    """Tell whether it is the container that is missing, not the blob."""
    return error_code(error) == "ContainerNotFound"


def retry_after(error: HttpResponseError) -> float | None:
    """Return the seconds that the service asked us to wait, or None."""
    response: Any = error.response
    text = response.headers.get("Retry-After", "") if response else ""
    return float(text) if text.isdecimal() else None


def _translated(error: Exception, doing: str) -> ExportError:
    if isinstance(error, HttpResponseError) and error.status_code:
        return _answered(error, error.status_code, doing)
    return Unavailable(f"The storage account did not answer when asked to {doing}.")


def _answered(error: HttpResponseError, status: int, doing: str) -> ExportError:
    code = error_code(error)
    if status in (_UNAUTHORIZED, _FORBIDDEN):
        return CredentialsRefused(f"The storage account refused to {doing} ({code or status}); {_ROLES}")
    if status == _NOT_FOUND:
        return ConfigurationError(f"Could not {doing}: {_MISSING.get(code, 'it does not exist')}.")
    if status == _PRECONDITION_FAILED:
        return Conflict(f"Could not {doing}: somebody else changed it meanwhile.")
    if status == _TOO_MANY_REQUESTS:
        return Throttled(f"The storage account asked to slow down when asked to {doing}.", after=retry_after(error))
    if status >= _SERVER_ERROR or status == _REQUEST_TIMEOUT or code in _PASSING:
        return Unavailable(f"The storage account could not {doing} ({code or status}).", after=retry_after(error))
    return ContractBroken(f"The storage account answered {status} ({code or 'no code'}) when asked to {doing}.")


_MISSING = {
    "ContainerNotFound": "the container does not exist; create it, or mend the setting that names it",
}
_PASSING = ("ContainerBeingDeleted", "AccountBeingCreated")
_ROLES = (
    "give the app's identity the role 'Storage Blob Data Contributor' on the account, mend the connection string in "
    "the settings, or let the app's network through the account's firewall."
)
