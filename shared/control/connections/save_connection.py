"""Saves a connection: its key goes into the vault, its document beside the others; a withdrawn consent stops runs."""

from dataclasses import dataclass

from shared.control.runs.stop_runs import stop_runs
from shared.domain.config.connection import Connection
from shared.domain.config.connection_wish import ConnectionWish
from shared.domain.config.consent import Consent
from shared.domain.control_errors import KeyNotWritten, NoKey
from shared.domain.errors import ConfigurationError, CredentialsRefused
from shared.domain.runs.wake_up import WakeUp
from shared.ports import Clock, Document, Secrets
from shared.store.audit_trail import Author
from shared.store.store import Store


@dataclass(frozen=True, slots=True)
class SavedConnection:
    """A connection as it was saved, its new ETag (None for a dry run), and the runs to wake so that they stop."""

    connection: Connection
    etag: str | None
    wake_ups: tuple[WakeUp, ...] = ()


async def save_connection(  # noqa: PLR0913 - what is saved, by whom, and with what, each by name
    wish: ConnectionWish,
    over: Document | None,
    *,
    author: Author,
    store: Store,
    secrets: Secrets,
    clock: Clock,
    is_dry: bool = False,
) -> SavedConnection:
    """Write what *wish* says over the version *over*, or as a new connection; note that in the audit trail first.

    An API key in the wish goes into its secret before the document is saved: no connection names a secret that is not
    there. Withdrawing the consent stops every run over the connection.
    A wish that changes nothing is not written, and leaves no line in the audit trail.
    A dry run looks for the secret and does nothing else: whether the app may write a key shows only when it does.
    Raises `NoKey`, `KeyNotWritten`, `Conflict` when somebody else saved the connection meanwhile, `Retryable`.
    """
    before = store.connections.readable(over)
    connection = wish.over(before, name=author.name, label=author.label, now=clock.now())
    if is_dry:
        await _check_key(wish, before, secrets)
        return SavedConnection(connection, None)
    if over is not None and connection is before:
        return SavedConnection(before, over.etag, tuple(await _stop_without_consent(before, author, store, clock)))
    await _check_key(wish, before, secrets)
    await _note(wish, connection, before, over, author, store)
    if wish.api_key is not None:
        try:
            await secrets.put(connection.secret_name, wish.api_key)
        except (CredentialsRefused, ConfigurationError) as error:
            raise KeyNotWritten(error.sentence, public=error.public) from error
    etag = await store.connections.save(connection, over)
    return SavedConnection(connection, etag, tuple(await _stop_without_consent(connection, author, store, clock)))


async def _check_key(wish: ConnectionWish, before: Connection | None, secrets: Secrets) -> None:
    """Raise `NoKey` when the secret that *wish* newly names cannot be read, or cannot be a key.

    A secret that the connection names already is not read: a consent can be withdrawn while the vault does not answer.
    """
    if wish.api_key is not None or (before and before.secret_name == wish.secret_name):
        return
    try:
        await secrets.get(wish.secret_name, fresh=True)
    except CredentialsRefused as error:
        raise NoKey(error.sentence, public=error.public) from error


async def _note(  # noqa: PLR0913, PLR0917 - what the lines of the audit trail are made of
    wish: ConnectionWish,
    connection: Connection,
    before: Connection | None,
    over: Document | None,
    author: Author,
    store: Store,
) -> None:
    """Note in the audit trail what will be saved; a consent and a changed key have lines of their own."""
    subject, note = f"connections/{connection.id}", store.audit.note
    old = over.value if over else None
    await note(
        author, f"connection.{'changed' if over else 'created'}", subject, before=old, after=connection.document()
    )
    consent = before.consent if before else Consent()
    if connection.consent != consent:
        what = "connection.consent_accepted" if connection.consent.accepted else "connection.consent_withdrawn"
        await note(author, what, subject, before=consent.document(), after=connection.consent.document())
    if wish.api_key is not None or (before and before.secret_name != connection.secret_name):
        await note(author, "connection.key_changed", subject, after={"secret_name": connection.secret_name})


async def _stop_without_consent(connection: Connection, author: Author, store: Store, clock: Clock) -> list[WakeUp]:
    """Stop every run over *connection* if its consent was withdrawn; return the runs to wake."""
    if connection.consent.accepted or connection.consent.withdrawn_at is None:
        return []
    stopped = []
    for export_id in await store.exports.over(connection.id):
        stopped += await stop_runs(store, export_id, by=author, why=connection.withdrawal, now=clock.now())
    return stopped
