"""Asks whether the queue of the wake-ups is there and lets the app in; nothing else here touches the queue."""

from typing import TYPE_CHECKING, Any

from shared.adapters.azure.identity import Identities
from shared.adapters.azure.storage_errors import storage_errors
from shared.domain.errors import CredentialsRefused
from shared.domain.sentences import say

if TYPE_CHECKING:  # slow to import, and needed only when somebody asks
    from azure.storage.queue.aio import QueueClient

_QUICK: dict[str, Any] = {"retry_total": 0, "connection_timeout": 2, "read_timeout": 2}
_REFUSED = (
    "The storage account did not let the app look at queue '{queue}'; give the app's identity the role 'Storage Queue "
    "Data Contributor' on the account, mend the connection string, or let the app's network through its firewall."
)


class QueueProbe:
    """Looks at the queue *name*, over a connection string or, at the address *url*, with an identity."""

    def __init__(
        self,
        name: str,
        *,
        connection_string: str | None,
        url: str | None,
        identities: Identities,
        client_id: str | None,
    ) -> None:
        self._name = name
        self._connection_string = connection_string
        self._url = url
        self._identities = identities
        self._client_id = client_id

    async def __call__(self) -> None:
        """Ask for the queue once; raises what `storage_errors` does."""
        try:
            with storage_errors(f"read queue '{self._name}'"):
                async with self._client() as client:
                    await client.get_queue_properties()
        except CredentialsRefused as error:
            raise CredentialsRefused(say("queue_refused", _REFUSED, queue=self._name)) from error

    def _client(self) -> "QueueClient":
        from azure.storage.queue.aio import QueueClient  # noqa: PLC0415 - see above

        if self._connection_string:
            return QueueClient.from_connection_string(self._connection_string, self._name, **_QUICK)
        identity = self._identities.of(self._client_id)
        return QueueClient(str(self._url), self._name, credential=identity, **_QUICK)
