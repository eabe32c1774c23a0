"""Connections over HTTP: make, look at, change and remove them, and the text that their consent is about."""

from http import HTTPStatus
from typing import Any

from shared.api.access.permissions import rights_on_connection
from shared.api.http.problems import BadRequest, Invalid, NotFound, Refused, Unprocessable
from shared.api.http.request import Answer, Request, page_of_ids
from shared.control.connection_users import Author, readable
from shared.control.remove_connection import Fate, InUse, Removal, check_unused
from shared.control.remove_connection import remove_connection as remove
from shared.control.save_connection import KeyNotWritten, NoKey, check_key, save_connection, stop_without_consent
from shared.domain.config.connection import Connection
from shared.domain.config.connection_wish import ConnectionWish
from shared.domain.config.consent import CURRENT_TEXT, TEXTS, Consent
from shared.domain.config.reading import Reader
from shared.domain.errors import ConfigurationError
from shared.ports import Document
from shared.settings import AuthMode
from shared.store.configured import connection_ids, connection_path, stored_connection

KIND = "klaviyo"


async def list_connections(request: Request) -> Answer:
    """List the connections in order of id; all but administrators see their names only."""
    ids, follows = await page_of_ids(request, connection_ids, "a connection", "/api/connections")
    shown = [await _listed(request, each) for each in ids]
    return Answer(HTTPStatus.OK, {"connections": [each for each in shown if each], "next": follows})


async def get_connection(request: Request) -> Answer:
    """Show a connection; all but administrators see its name only."""
    connection, document = await find(request)
    return Answer(HTTPStatus.OK, view(request, connection), {"ETag": document.etag})


async def put_connection(request: Request) -> Answer:
    """Make or replace a connection; a key in ``api_key`` goes into the vault, withdrawing the consent stops runs."""
    connection_id, app = request.id("connection_id"), request.app
    wish = _wish(request, connection_id)
    document = await app.place.documents.get(connection_path(connection_id))
    request.check_match(document.etag if document else None)
    before, author, now = readable(document), author_of(request), app.clock.now()
    connection = wish.over(before, name=author.name, label=author.label, now=now)
    try:
        await check_key(wish, before, app.secrets)
        await _note(request, document, connection, wish)
        etag = await save_connection(connection, document, api_key=wish.api_key, runs=app.runs, secrets=app.secrets)
    except NoKey as error:
        raise Unprocessable(str(error)) from error
    except KeyNotWritten as error:
        raise Refused(str(error)) from error
    stopped = await stop_without_consent(connection, author=author, runs=app.runs, clock=app.clock)
    headers = {"ETag": etag, **({} if document else {"Location": _address(connection_id)})}
    status = HTTPStatus.OK if document else HTTPStatus.CREATED
    return Answer(status, view(request, connection), headers, tuple(stopped))


async def delete_connection(request: Request) -> Answer:
    """Remove a connection; ``exports=remove`` or ``exports=detach`` says what becomes of those that use it."""
    connection_id, app = request.id("connection_id"), request.app
    fate = _fate(request)
    document = await app.place.documents.get(connection_path(connection_id))
    if document is None:
        raise _unknown(connection_id)
    request.check_match(document.etag)
    if fate is None:
        try:
            await check_unused(app.place.documents, connection_id)
        except InUse as error:
            raise Refused(str(error), reason=error.reason, exports=error.exports) from error
    removal = Removal(connection_id, document.etag, fate or Fate.DETACH, author_of(request))
    await request.note("connection.removed", f"connections/{connection_id}", before=document.value)

    async def note(export_id: str) -> None:
        what = "export.removed" if removal.fate is Fate.REMOVE else "export.detached"
        await request.note(what, f"exports/{export_id}", before={"connection_id": connection_id})

    removed = await remove(removal, app.runs, app.clock, note)
    value = {
        "id": connection_id,
        "exports": {each.value: list(removed.exports) if each is fate else [] for each in Fate},
        "kept_secret": document.value.get("secret_name"),
    }
    return Answer(HTTPStatus.OK, value, wake_ups=removed.wake_ups)


async def get_consent(_request: Request) -> Answer:
    """Show the texts that the consent of a connection is about, and which one is current."""
    return Answer(HTTPStatus.OK, {"current": CURRENT_TEXT, "texts": TEXTS})


async def find(request: Request) -> tuple[Connection, Document]:
    """Return the connection in the address; raises `NotFound`, and `Refused` for one that is broken."""
    connection_id = request.id("connection_id")
    document = await request.app.place.documents.get(connection_path(connection_id))
    if document is None:
        raise _unknown(connection_id)
    try:
        return Connection.from_document(document.value), document
    except ConfigurationError as error:
        raise Refused(str(error)) from error


def view(request: Request, connection: Connection) -> dict[str, Any]:
    """Return the connection as the caller may see it: administrators all of it, others its name."""
    whole = connection.document()
    seen = whole if request.caller.is_administrator else {name: whole[name] for name in ("id", "display_name")}
    may = rights_on_connection(request.caller, connection)
    return {**seen, "kind": KIND, "may": may, "self": _address(connection.id)}


def author_of(request: Request) -> Author:
    """Return who asks, as the documents that they change name them."""
    return Author(request.caller.name, request.caller.label)


async def _listed(request: Request, connection_id: str) -> dict[str, Any] | None:
    """Return the connection as a list shows it, None for one that was just removed."""
    try:
        connection = await stored_connection(request.app.place.documents, connection_id)
        return view(request, connection) if connection else None
    except ConfigurationError:
        return {"id": connection_id, "kind": KIND, "may": [], "self": _address(connection_id), "is_broken": True}


def _wish(request: Request, connection_id: str) -> ConnectionWish:
    reader = Reader(request.document())
    must_name = request.app.settings.auth_mode is AuthMode.KEYS
    wish = ConnectionWish.read(reader, connection_id, must_name=must_name)
    if reader.problems:
        raise Invalid("The connection cannot be saved.", reader.problems)
    return wish


async def _note(request: Request, document: Document | None, connection: Connection, wish: ConnectionWish) -> None:
    """Tell the audit trail what will be done; who agreed to what, and that a key changed, each have their own line."""
    subject, stood = f"connections/{connection.id}", readable(document)
    before, after = document.value if document else None, connection.document()
    await request.note(f"connection.{'changed' if document else 'created'}", subject, before=before, after=after)
    consent = stood.consent if stood else Consent()
    if connection.consent != consent:
        what = "accepted" if connection.consent.accepted else "withdrawn"
        seen = {"before": consent.document(), "after": connection.consent.document()}
        await request.note(f"connection.consent_{what}", subject, **seen)
    if wish.api_key is not None or (stood and stood.secret_name != connection.secret_name):
        await request.note("connection.key_changed", subject, after={"secret_name": connection.secret_name})


def _fate(request: Request) -> Fate | None:
    text = request.query.get("exports")
    if text is not None and text not in tuple(Fate):
        raise BadRequest(f"exports must be one of {', '.join(Fate)}.")
    return None if text is None else Fate(text)


def _unknown(connection_id: str) -> NotFound:
    return NotFound(f"There is no connection '{connection_id}'.")


def _address(connection_id: str) -> str:
    return f"/api/connections/{connection_id}"
