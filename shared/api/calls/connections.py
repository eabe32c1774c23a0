"""Calls about connections: list, show, save and remove them, and show the texts of the consent."""

from dataclasses import asdict, fields
from http import HTTPStatus
from typing import Any

from shared.api.access.permissions import rights_on_connection
from shared.api.answers.connections import ConnectionShown, ConsentTexts, ExportsParted, RemovedConnection
from shared.api.http.languages import first_language
from shared.api.http.problems import Invalid, NotFound, Refused, Unprocessable
from shared.api.http.request import Answer, Request, one_of, page_of_ids
from shared.control.connections.remove_connection import Fate, remove_connection
from shared.control.connections.save_connection import save_connection
from shared.domain.config.connection import Connection
from shared.domain.config.connection_wish import ConnectionWish
from shared.domain.config.document_model import Writing
from shared.domain.config.field_problems import WrongFields
from shared.domain.consent_texts import CURRENT_TEXT, LANGUAGES, TEXTS, Language
from shared.domain.control_errors import InUse, KeyNotWritten, NoKey
from shared.domain.errors import ConfigurationError
from shared.domain.sentences import say
from shared.ports import Document
from shared.settings import AuthMode

SHOWN = frozenset({"schema", "etag", *(field.name for field in fields(ConnectionShown))})
"""The fields that only answers have; a client may send them back with the connection."""


async def list_connections(request: Request) -> Answer:
    """List the connections in order of id; callers who are no administrators see only ids and names."""
    ids, follows = await page_of_ids(request, request.app.store.connections.ids, "a connection", "/api/connections")
    shown = [await _listed(request, each) for each in ids]
    return Answer(HTTPStatus.OK, {"connections": [each for each in shown if each], "next": follows})


async def get_connection(request: Request) -> Answer:
    """Show a connection; callers who are no administrators see only its id and name."""
    connection, document = await find(request)
    return Answer(HTTPStatus.OK, view(request, connection), {"ETag": document.etag})


async def put_connection(request: Request) -> Answer:
    """Make or replace a connection; ``api_key`` goes into the vault; ``dry_run=true`` checks, and saves nothing."""
    connection_id, app, is_dry = request.id("connection_id"), request.app, request.flag("dry_run")
    document = await app.store.connections.document(connection_id)
    wish = _wish(request, connection_id, document)
    request.check_match(document.etag if document else None)
    try:
        with request.matching():
            saved = await save_connection(
                wish,
                document,
                author=request.author,
                store=app.store,
                secrets=app.secrets,
                clock=app.clock,
                is_dry=is_dry,
            )
    except NoKey as error:
        raise Unprocessable(error.sentence, public=error.public) from error
    except KeyNotWritten as error:
        raise Refused.because_of(error) from error
    if saved.etag is None:
        shown = view(request, saved.connection)
        kept = [right for right in shown["may"] if right == "change" or (right == "remove" and document)]
        return Answer(HTTPStatus.OK, {**shown, "may": kept})
    headers = {"ETag": saved.etag, **({} if document else {"Location": _address(connection_id)})}
    status = HTTPStatus.OK if document else HTTPStatus.CREATED
    return Answer(status, view(request, saved.connection), headers, saved.wake_ups)


async def delete_connection(request: Request) -> Answer:
    """Remove a connection; ``exports=remove`` or ``exports=detach`` says what becomes of its exports."""
    connection_id, app = request.id("connection_id"), request.app
    fate = _fate(request)
    document = await app.store.connections.document(connection_id)
    if document is None and not (fate and await app.store.exports.over(connection_id)):
        raise _unknown(connection_id)
    request.check_match(document.etag if document else None)
    try:
        with request.matching():
            removed = await remove_connection(
                connection_id, document, fate, author=request.author, store=app.store, clock=app.clock
            )
    except InUse as error:
        raise Refused.because_of(error, reason=error.reason, exports=error.exports) from error
    exports = {each.value: list(removed.exports) if each is fate else [] for each in Fate}
    gone = RemovedConnection(connection_id, ExportsParted(**exports), removed.kept_secret)
    return Answer(HTTPStatus.OK, asdict(gone), wake_ups=removed.wake_ups)


async def get_consent(request: Request) -> Answer:
    """Show every text of the consent, and which one is current, in the ``language`` or after Accept-Language."""
    language = _language(request)
    texts = {version: text.get(language, text[LANGUAGES[0]]) for version, text in TEXTS.items()}
    shown = ConsentTexts(CURRENT_TEXT, language, LANGUAGES, texts)
    return Answer(HTTPStatus.OK, asdict(shown), {"Content-Language": language, "Vary": "Accept-Language"})


async def find(request: Request) -> tuple[Connection, Document]:
    """Return the connection in the address; raises `NotFound`, and `Refused` for a damaged document."""
    connection_id = request.id("connection_id")
    document = await request.app.store.connections.document(connection_id)
    if document is None:
        raise _unknown(connection_id)
    try:
        return Connection.from_document(document.value), document
    except ConfigurationError as error:
        raise Refused.because_of(error) from error


def view(request: Request, connection: Connection) -> dict[str, Any]:
    """Return the connection as the caller may see it: administrators all of it, others its id and name."""
    whole = connection.document()
    seen = whole if request.caller.is_administrator else {name: whole[name] for name in ("id", "display_name")}
    shown = ConnectionShown("klaviyo", rights_on_connection(request.caller, connection), _address(connection.id))
    return {**seen, **asdict(shown)}


async def _listed(request: Request, connection_id: str) -> dict[str, Any] | None:
    """Return the connection as a list shows it, with its ETag, or None for a connection that was just removed."""
    etag = {}
    try:
        if (document := await request.app.store.connections.document(connection_id)) is None:
            return None
        etag = {"etag": document.etag}
        return {**view(request, Connection.from_document(document.value)), **etag}
    except ConfigurationError:
        shown = ConnectionShown("klaviyo", [], _address(connection_id))
        return {"id": connection_id, **asdict(shown), "is_broken": True, **etag}


def _wish(request: Request, connection_id: str, over: Document | None) -> ConnectionWish:
    settings = request.app.settings
    writing = Writing(
        connection_id,
        SHOWN,
        must_name=settings.auth_mode is AuthMode.KEYS,
        secret_prefix=settings.secret_prefix,
        kept_secret=over.value.get("secret_name") if over else None,
    )
    try:
        return ConnectionWish.written(request.document(), writing)
    except WrongFields as error:
        invalid = say("connection_invalid", "The connection cannot be saved.")
        raise Invalid(invalid, error.problems) from None


def _language(request: Request) -> Language:
    """Return the language that the caller asks for, or else the first one of Accept-Language that there is."""
    asked = one_of(request, "language", LANGUAGES) or first_language(
        request.headers.get("accept-language", ""), LANGUAGES
    )
    return next((each for each in LANGUAGES if each == asked), LANGUAGES[0])


def _fate(request: Request) -> Fate | None:
    fate = one_of(request, "exports", tuple(Fate))
    return None if fate is None else Fate(fate)


def _unknown(connection_id: str) -> NotFound:
    return NotFound(say("no_such_connection", "There is no connection '{connection}'.", connection=connection_id))


def _address(connection_id: str) -> str:
    return f"/api/connections/{connection_id}"
