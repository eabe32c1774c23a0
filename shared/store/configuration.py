"""The documents that people decide about: connections and exports, one document each."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Generic, Protocol, TypeVar

from shared.domain.config.connection import Connection
from shared.domain.config.export import Export
from shared.domain.errors import ConfigurationError, Conflict
from shared.domain.sentences import say
from shared.ports import Document, Documents
from shared.store.paths import CONNECTIONS, EXPORTS, document_path

logger = logging.getLogger(__name__)


class Model(Protocol):
    """A connection or an export."""

    @property
    def id(self) -> str:
        """The id, which is the name of the document."""
        ...

    def document(self) -> dict[str, Any]:
        """Return the document of the model."""
        ...


Kind = TypeVar("Kind", bound=Model)


class Configured(Generic[Kind]):
    """Documents of one kind in a folder of their own, by id.

    Every method raises `Unavailable` when the storage does not answer.
    """

    def __init__(self, documents: Documents, folder: str, read: Callable[[dict[str, Any]], Kind], noun: str) -> None:
        self._documents = documents
        self._folder = folder
        self._read = read
        self._noun = noun

    async def ids(self) -> list[str]:
        """Return all ids, in order."""
        names = self._documents.names(self._folder)
        return sorted([path.removeprefix(self._folder).removesuffix(".json") async for path in names])

    async def get(self, model_id: str) -> Kind | None:
        """Return the model, or None where there is none; raises `ConfigurationError` for a document that is broken."""
        document = await self.document(model_id)
        return self._read(document.value) if document else None

    async def document(self, model_id: str) -> Document | None:
        """Return the document as it is stored, with its ETag, or None; raises `Damaged` for what is no JSON object."""
        return await self._documents.get(self._path(model_id))

    def readable(self, document: Document | None) -> Kind | None:
        """Return the model in *document*, or None where there is no document or a broken one."""
        try:
            return self._read(document.value) if document else None
        except ConfigurationError:
            return None

    async def save(self, model: Kind, over: Document | None) -> str:
        """Write *model* over the version *over*, or as a new document; return the new ETag.

        Fields of the stored document that this release does not know stay.
        Raises `Conflict` when somebody else saved the document meanwhile.
        """
        if over is not None:
            return await self.change(model.id, over, model.document())
        etag = await self._documents.insert(self._path(model.id), model.document())
        if etag is None:
            text = "Somebody else made {noun} '{id}' at the same time; read it and decide anew."
            raise Conflict(say("made_at_the_same_time", text, noun=self._noun, id=model.id))
        return etag

    async def change(self, model_id: str, over: Document, fields: Mapping[str, Any]) -> str:
        """Write the version *over* with *fields* changed; return the new ETag. Raises `Conflict` as `save` does."""
        return await self._documents.replace(self._path(model_id), {**over.value, **fields}, etag=over.etag)

    async def delete(self, model_id: str, *, etag: str | None = None) -> None:
        """Remove the document, in version *etag* where one is given; raises `Conflict` for another version."""
        await self._documents.delete(self._path(model_id), etag=etag)

    def _path(self, model_id: str) -> str:
        return document_path(self._folder, model_id)


class Connections(Configured[Connection]):
    """The connections."""

    def __init__(self, documents: Documents) -> None:
        super().__init__(documents, CONNECTIONS, Connection.from_document, "connection")

    async def remember_account(self, connection: Connection, account_id: str | None) -> None:
        """Write into the connection which account it leads to, once Klaviyo has named the account.

        The change of a person who saves the connection at the same time wins; the next run learns the account again.
        """
        if account_id is None or connection.account_id is not None:
            return
        document = await self.document(connection.id)
        if document is not None and document.value.get("account_id") is None:
            with suppress(Conflict):
                await self.change(connection.id, document, {"account_id": account_id})


class Exports(Configured[Export]):
    """The exports."""

    def __init__(self, documents: Documents) -> None:
        super().__init__(documents, EXPORTS, Export.from_document, "export")

    async def over(self, connection_id: str) -> list[str]:
        """Return the ids of the exports that use a connection, in order.

        An export whose fields are broken counts as well. A file that is not a JSON object names no connection, and is
        passed over; a run that it began looks at its connection by itself.
        """
        found = []
        for export_id in await self.ids():
            try:
                document = await self.document(export_id)
            except ConfigurationError as error:
                logger.warning("Export '%s' is passed over: %s", export_id, error)
                continue
            if document and document.value.get("connection_id") == connection_id:
                found.append(export_id)
        return found
