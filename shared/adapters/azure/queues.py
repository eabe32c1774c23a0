"""The queues of the app's storage account. The app only looks at them and clears one; the host does all the rest."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.adapters.azure.client_options import STORAGE_OPTIONS
from shared.adapters.azure.identity import Identities
from shared.adapters.azure.storage_errors import storage_errors
from shared.domain.errors import CredentialsRefused
from shared.domain.sentences import say

if TYPE_CHECKING:  # slow to import, and needed only when somebody asks
    from azure.storage.queue.aio import QueueClient

_QUICK: dict[str, Any] = {
    "retry_total": 0,
    "connection_timeout": 2,
    "read_timeout": 2,
    "use_env_settings": STORAGE_OPTIONS["use_env_settings"],
}
_REFUSED = (
    "The storage account did not let the app look at queue '{queue}'; give the app's identity the role 'Storage Queue "
    "Data Contributor' on the account, mend the connection string, or let the app's network through its firewall."
)


@dataclass(frozen=True, slots=True)
class Queues:
    """The way to the queues: a connection string, or an address of the account with an identity."""

    connection_string: str | None
    url: str | None
    identities: Identities
    client_id: str | None

    def client(self, name: str) -> "QueueClient":
        """Return a client of the queue *name*, which the caller closes. It asks once, and does not wait long."""
        from azure.storage.queue.aio import QueueClient  # noqa: PLC0415 - see above

        if self.connection_string:
            return QueueClient.from_connection_string(self.connection_string, name, **_QUICK)
        identity = self.identities.of(self.client_id)
        return QueueClient(str(self.url), name, credential=identity, **_QUICK)


@contextmanager
def queue_errors(name: str, doing: str) -> Iterator[None]:
    """Translate what Azure raises in the block, as `storage_errors` does; a refusal names the role for *name*."""
    try:
        with storage_errors(doing):
            yield
    except CredentialsRefused as error:
        raise CredentialsRefused(say("queue_refused", _REFUSED, queue=name)) from error
