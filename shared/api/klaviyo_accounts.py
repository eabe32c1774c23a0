"""What is asked of Klaviyo over a connection, for somebody who sets one up or chooses a list."""

from http import HTTPStatus

from shared.api.connections import find
from shared.api.exchange import Answer, Request
from shared.api.permissions import check_use
from shared.api.problems import BadRequest, Refused
from shared.domain.connection import Connection
from shared.domain.errors import Fatal
from shared.pipeline.find_lists import find_lists
from shared.pipeline.patience import within

PATIENCE_SECONDS = 120.0
"""Azure itself cuts an answer off after 230 seconds."""
MAX_SEARCH = 200


async def list_lists(request: Request) -> Answer:
    """List the lists of a connection's account by name; ``search`` is part of a name, whatever its case, or an id."""
    connection, _ = await find(request)
    check_use(request.caller, connection)
    search, place = request.query.get("search", ""), request.app.place
    if len(search) > MAX_SEARCH:
        raise BadRequest(f"search must have at most {MAX_SEARCH} characters.")
    sink = place.sinks(connection.secret_name, connection.account_id)
    try:
        found = await within(PATIENCE_SECONDS, place.clock, find_lists(sink, search), what="Listing the lists")
    except Fatal as error:
        raise _refusal(request, connection, error) from error
    lists = [{"id": each.id, "name": each.name} for each in found.lists]
    return Answer(HTTPStatus.OK, {"lists": lists, "is_complete": found.is_complete})


def _refusal(request: Request, connection: Connection, error: Fatal) -> Refused:
    """Return what the caller may know: the names of secrets and accounts are for administrators."""
    if request.caller.is_administrator:
        return Refused(str(error))
    return Refused(
        f"Connection '{connection.id}' does not lead to an account whose lists can be shown; "
        "an administrator can test it and sees what is wrong."
    )
