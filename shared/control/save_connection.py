"""Saves a connection: its key into the vault, the document beside it, and stops what lost its consent."""

from shared.control.connection_users import Author, exports_over, stop_runs
from shared.domain.config.api_key import key_problem
from shared.domain.config.connection import Connection
from shared.domain.config.connection_wish import ConnectionWish
from shared.domain.errors import ConfigurationError, Conflict, CredentialsRefused, ExportError
from shared.ports import Clock, Document, Secrets
from shared.store.configured import connection_path
from shared.store.runs import Runs, WakeUp


class NoKey(ExportError):
    """The secret that is named holds no key that could be used."""

    reason = "no_key"


class KeyNotWritten(ExportError):
    """The vault does not let the app write the key."""

    reason = "key_not_written"


async def check_key(wish: ConnectionWish, before: Connection | None, secrets: Secrets) -> None:
    """Raise `NoKey` when the secret that *wish* names newly cannot be read, or holds what can be no key.

    A secret that the connection has already is not asked for: a consent can be withdrawn while the vault is away.
    """
    if wish.api_key is not None or (before and before.secret_name == wish.secret_name):
        return
    try:
        problem = key_problem((await secrets.get(wish.secret_name, fresh=True)).strip())
    except CredentialsRefused as error:
        raise NoKey(str(error)) from error
    if problem:
        raise NoKey(
            f"Secret '{wish.secret_name}' cannot be a key of Klaviyo's: it {problem}. "
            "Put the private key alone into it."
        )


async def save_connection(
    connection: Connection, document: Document | None, *, api_key: str | None, runs: Runs, secrets: Secrets
) -> str:
    """Write *connection* over *document*, None where it is new; return the new tag. An *api_key* goes into its secret.

    Raises `KeyNotWritten`, `Conflict` when somebody else saved it meanwhile, `Retryable`. The key goes first: a
    connection never names a secret that is not there.
    """
    if api_key is not None:
        try:
            await secrets.put(connection.secret_name, api_key)
        except (CredentialsRefused, ConfigurationError) as error:
            raise KeyNotWritten(str(error)) from error
    path = connection_path(connection.id)
    if document is None:
        etag = await runs.documents.insert(path, connection.document())
        if etag is None:
            raise Conflict(
                f"Somebody else made connection '{connection.id}' at the same time; read it and decide anew."
            )
    else:
        value = {**document.value, **connection.document()}
        etag = await runs.documents.replace(path, value, etag=document.etag)
    return etag


async def stop_without_consent(connection: Connection, *, author: Author, runs: Runs, clock: Clock) -> list[WakeUp]:
    """Stop every run over *connection*, of which the consent was withdrawn; return the messages that tell them."""
    if connection.consent.accepted or connection.consent.withdrawn_at is None:
        return []
    stopped = []
    for export_id in await exports_over(runs.documents, connection.id):
        why = connection.withdrawal
        stopped += await stop_runs(runs, export_id, by=author.label, why=why, now=clock.now())
    return stopped
