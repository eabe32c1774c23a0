"""Of the errors of Azure's storage, as the rest of the product meets them."""

import base64
from typing import Any

import aiohttp
import pytest
from azure.core.exceptions import (
    HttpResponseError,
    IncompleteReadError,
    ServiceRequestError,
    ServiceResponseTimeoutError,
)
from azure.storage.blob.aio import BlobServiceClient

from shared.adapters.azure.documents import BlobDocuments
from shared.adapters.azure.storage_errors import storage_errors
from shared.domain.errors import (
    ConfigurationError,
    Conflict,
    ContractBroken,
    CredentialsRefused,
    ExportError,
    Retryable,
    Throttled,
    Unavailable,
)
from tests.adapters.azure.network import answering
from tests.contracts.azure_storage import FAST_OPTIONS

KEY = base64.b64encode(b"a key that nobody has").decode()


async def _insert_error(status: int, **headers: str) -> ExportError:
    """Return what an insert raises when the storage answers it with *status*."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with answering(status, named) as port:
        text = f"AccountName=acme;AccountKey={KEY};BlobEndpoint=http://127.0.0.1:{port}/acme"
        async with BlobServiceClient.from_connection_string(text, **{**FAST_OPTIONS, "retry_total": 0}) as service:
            with pytest.raises(ExportError) as raised:
                await BlobDocuments(service, "exports").insert("a.json", {})
    return raised.value


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, "InvalidInput", ContractBroken),
        (401, "NoAuthenticationInformation", CredentialsRefused),
        (403, "AuthorizationPermissionMismatch", CredentialsRefused),
        (403, "AuthenticationFailed", CredentialsRefused),
        (409, "BlobArchived", ConfigurationError),
        (409, "BlobBeingRehydrated", ConfigurationError),
        (409, "BlobImmutableDueToPolicy", ContractBroken),
        (409, "ContainerBeingDeleted", Unavailable),
        (412, "LeaseIdMissing", Conflict),
        (429, "TooManyRequests", Throttled),
        (500, "InternalError", Unavailable),
        (500, "OperationTimedOut", Unavailable),
        (503, "ServerBusy", Unavailable),
    ],
)
async def test_an_answer_becomes_the_error_that_says_what_to_do_next(
    status: int, code: str, expected: type[ExportError]
) -> None:
    error = await _insert_error(status, x_ms_error_code=code)
    assert type(error) is expected
    assert "write 'a.json' in container 'exports'" in str(error)


@pytest.mark.parametrize("code", ["AuthorizationPermissionMismatch", "AuthorizationFailure"])
async def test_a_refusal_gives_the_services_own_word_and_what_to_do(code: str) -> None:
    error = await _insert_error(403, x_ms_error_code=code)
    assert code in str(error)
    assert "Storage Blob Data Contributor" in str(error)


@pytest.mark.parametrize("status", [429, 503])
async def test_the_wait_that_the_service_asks_for_is_handed_on(status: int) -> None:
    error = await _insert_error(status, Retry_After="17")
    assert isinstance(error, Retryable)
    assert error.after == 17


@pytest.mark.parametrize("text", ["", "soon", "Wed, 21 Oct 2026 07:28:00 GMT", "-1"])
async def test_a_wait_that_is_no_number_of_seconds_is_none(text: str) -> None:
    error = await _insert_error(503, Retry_After=text)
    assert isinstance(error, Retryable)
    assert error.after is None


@pytest.mark.parametrize(
    "error",
    [
        ServiceRequestError("no route"),
        ServiceResponseTimeoutError("too slow"),
        HttpResponseError("the body broke off", error=IncompleteReadError("half")),
        aiohttp.ServerDisconnectedError(),
        ConnectionResetError(),
        TimeoutError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_network_that_fails_is_unavailable(error: Exception) -> None:
    with (
        pytest.raises(Unavailable, match="did not answer when asked to read 'a'") as raised,
        storage_errors("read 'a'"),
    ):
        raise error
    assert raised.value.__cause__ is error


@pytest.mark.parametrize("error", [ValueError("ours"), KeyError("ours"), Conflict("ours")])
def test_errors_of_our_own_pass_as_they_are(error: Any) -> None:
    with pytest.raises(type(error)) as raised, storage_errors("read 'a'"):
        raise error
    assert raised.value is error
