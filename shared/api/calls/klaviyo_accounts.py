"""Calls that ask Klaviyo over a connection: test the connection, list its lists."""

from dataclasses import asdict
from http import HTTPStatus

from shared.api.access.permissions import check_use
from shared.api.answers.connections import ConnectionCheckShown, Lists, ListShown, ScopesShown
from shared.api.calls.connections import find
from shared.api.http.problems import BadRequest, Invalid, Refused
from shared.api.http.request import Answer, Request
from shared.control.connections.find_lists import find_lists
from shared.control.connections.make_list import make_list as make
from shared.control.connections.try_connection import ConnectionTrial, try_connection
from shared.domain.config.connection import Connection
from shared.domain.config.field_problems import WrongFields
from shared.domain.config.wishes import ConnectionTestWish, ListWish
from shared.domain.errors import Fatal, UnknownList
from shared.domain.sentences import say
from shared.ports import ListInfo

MAX_SEARCH = 200


async def test_connection(request: Request) -> Answer:
    """Ask Klaviyo which account a connection leads to and what its key may do; ``list_id`` also asks about a list."""
    try:
        list_id = ConnectionTestWish.written(request.document()).list_id
    except WrongFields as error:
        invalid = say("connection_test_invalid", "The connection cannot be tested so.")
        raise Invalid(invalid, error.problems) from None
    connection, _ = await find(request)
    app = request.app
    found = await try_connection(connection, list_id, store=app.store, secrets=app.secrets, sinks=app.resources.sinks)
    return Answer(HTTPStatus.OK, asdict(_answer_of(found)))


async def list_lists(request: Request) -> Answer:
    """List the lists of a connection's account by name; ``search`` is a part of the name in any case, or the id."""
    connection, _ = await find(request)
    check_use(request.caller, connection)
    search, resources = request.query.get("search", ""), request.app.resources
    if len(search) > MAX_SEARCH:
        text = "{parameter} must have at most {limit} characters."
        raise BadRequest(say("parameter_too_long", text, parameter="search", limit=MAX_SEARCH))
    sink = resources.sinks(connection.secret_name, connection.account_id)
    try:
        found = await find_lists(sink, search)
    except Fatal as error:
        raise Refused.because_of(error) from error
    lists = [ListShown(each.id, each.name, each.opt_in) for each in found.lists]
    return Answer(HTTPStatus.OK, asdict(Lists(lists, found.is_complete)))


async def make_list(request: Request) -> Answer:
    """Make a list in a connection's account; a 409 with ``list_id`` where a list has the name already."""
    connection, _ = await find(request)
    check_use(request.caller, connection)
    try:
        name = ListWish.written(request.document()).name
    except WrongFields as error:
        raise Invalid(say("list_invalid", "The list cannot be made so."), error.problems) from None
    app = request.app
    sink = app.resources.sinks(connection.secret_name, connection.account_id)
    try:
        found, is_new = await make(
            sink, name, connection_id=connection.id, author=request.author, audit=app.store.audit
        )
    except Fatal as error:
        raise Refused.because_of(error) from error
    if not is_new:
        text = "The account has a list '{name}' already: {list}; choose it, or give the new list another name."
        raise Refused(say("list_exists", text, name=found.name, list=found.id), list_id=found.id)
    return Answer(HTTPStatus.CREATED, asdict(ListShown(found.id, found.name, found.opt_in)))


async def find_list(request: Request, connection: Connection, list_id: str) -> ListInfo:
    """Return the list as Klaviyo has it; raises `UnknownList`, and `Refused` where Klaviyo cannot be asked."""
    resources = request.app.resources
    sink = resources.sinks(connection.secret_name, connection.account_id)
    try:
        return await sink.list_details(list_id)
    except UnknownList:
        raise
    except Fatal as error:
        raise Refused.because_of(error) from error


def _answer_of(trial: ConnectionTrial) -> ConnectionCheckShown:
    """Return what the answer says of *trial*; None stands for what is not known."""
    check, problems = trial.findings, trial.problems
    if check is None:
        return ConnectionCheckShown(not problems, problems)
    scopes = ScopesShown(list(check.missing), list(check.unchecked))
    return ConnectionCheckShown(not problems, problems, check.account, scopes, check.target, check.flows)
