"""Translates what Azure's storage clients raise into the errors of this product."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from http import HTTPStatus
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
from shared.domain.sentences import Sentence, say

TRANSPORT_ERRORS = (AzureError, aiohttp.ClientError, OSError)
"""What the Azure clients raise; the last two come from their transport where a client does not translate them."""

T = TypeVar("T")


@contextmanager
def storage_errors(doing: str) -> Iterator[None]:
    """Translate what Azure raises in the block.

    *doing* says what the block does, as a verb and its object, for example ``read 'a.json' in container 'exports'``.
    Never put a ``yield`` of an asynchronous generator into the block: what its consumer throws in is not Azure's.
    Raises `CredentialsRefused`, `ConfigurationError`, `Conflict`, `Throttled`, `Unavailable`, `ContractBroken`.
    """
    try:
        yield
    except TRANSPORT_ERRORS as error:
        raise _translated(error, doing) from error


class Translated(AsyncIterator[T]):
    """The *items* of an Azure client, whose errors are translated as by `storage_errors`.

    The errors of a consumer are not translated: they do not pass through this iterator.
    """

    def __init__(self, items: AsyncIterator[T], doing: str) -> None:
        self._items = items
        self._doing = doing

    async def __anext__(self) -> T:
        with storage_errors(self._doing):
            return await anext(self._items)


def error_code(error: Exception) -> str:
    """Return Azure's word for *error*, for example ``BlobNotFound``; empty when Azure gave none."""
    code = getattr(error, "error_code", None)
    return str(getattr(code, "value", code) or "")


def lacks_container(error: Exception) -> bool:
    """Tell whether *error* says that the container is missing, and not only the blob."""
    return error_code(error) == "ContainerNotFound"


def retry_after(error: HttpResponseError) -> float | None:
    """Return the wait that Azure asked for in ``Retry-After`` (seconds), or None."""
    response: Any = error.response
    text = response.headers.get("Retry-After", "") if response else ""
    return float(text) if text.isdecimal() else None


def _translated(error: Exception, doing: str) -> ExportError:
    if isinstance(error, HttpResponseError) and error.status_code:
        return _answered(error, error.status_code, doing)
    return Unavailable(
        say("storage_no_answer", "The storage account did not answer when asked to {action}.", action=doing)
    )


def _answered(error: HttpResponseError, status: int, doing: str) -> ExportError:
    word = error_code(error)
    answer = word or str(status)
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return CredentialsRefused(say("storage_refused", _REFUSED, action=doing, answer=answer))
    if status == HTTPStatus.NOT_FOUND or word in _ARCHIVED:
        archived = say("storage_archived", _IN_ARCHIVE, action=doing)
        return ConfigurationError(_missing(error, doing) if status == HTTPStatus.NOT_FOUND else archived)
    if status == HTTPStatus.PRECONDITION_FAILED:
        return Conflict(
            say("storage_conflict", "Could not {action}: somebody else changed it meanwhile.", action=doing)
        )
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        slow_down = say("storage_throttled", _SLOW_DOWN, action=doing)
        return Throttled(slow_down, after=retry_after(error))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT or word in _PASSING:
        failed = say(
            "storage_failed", "The storage account could not {action} ({answer}).", action=doing, answer=answer
        )
        return Unavailable(failed, after=retry_after(error))
    return ContractBroken(
        say("storage_unforeseen_status", _UNFORESEEN, action=doing, status=status, answer=word or "no code")
    )


def _missing(error: HttpResponseError, doing: str) -> Sentence:
    if lacks_container(error):
        return say("storage_container_missing", _NO_CONTAINER, action=doing)
    return say("storage_missing", "Could not {action}: it does not exist.", action=doing)


_NO_CONTAINER = "Could not {action}: the container does not exist; create it, or mend the setting that names it."
_SLOW_DOWN = "The storage account asked to slow down when asked to {action}."
_UNFORESEEN = "The storage account answered {status} ({answer}) when asked to {action}."
_PASSING = ("ContainerBeingDeleted", "AccountBeingCreated")
_REFUSED = (
    "The storage account refused to {action} ({answer}); give the app's identity the role "
    "'Storage Blob Data Contributor' on the account, mend the connection string in the settings, or let the app's "
    "network through the account's firewall."
)
_ARCHIVED = ("BlobArchived", "BlobBeingRehydrated")
_IN_ARCHIVE = (
    "The storage account cannot {action}, because the file lies in the archive tier; rehydrate the file, or move the "
    "file out of the segment."
)
