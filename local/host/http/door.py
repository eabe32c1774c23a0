"""What this host refuses, unlike Azure's, before any function hears of it, as problem documents.

Azure has a front end and an address with a certificate before its host. This host stands open on a laptop, next to
whatever pages its user looks at: a page may send requests here, and may let its own name lead to this machine.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

import orjson
from aiohttp import web

from local.host.settings import is_loopback
from shared.api.access.origin import check_origin
from shared.api.http.problems import Forbidden, problem
from shared.domain.sentences import say

_KIND = "application/problem+json"


def turned_away(method: str, headers: Mapping[str, str], *, by_hand: bool) -> web.Response | None:
    """Return the refusal of a request that a foreign page may have sent, else None.

    Functions of the app look by themselves whether a foreign page calls them, as they do in Azure; for a call
    *by_hand* this function looks.
    """
    named = {name.lower(): value for name, value in headers.items()}
    try:
        if not _is_of_this_machine(named.get("host", "")):
            text = "This host answers only to names of this machine, such as localhost."
            raise Forbidden(say("foreign_host", text))
        if by_hand:
            check_origin(method, named)
    except Forbidden as error:
        status, document, _ = problem(error, to_administrator=True)
        return web.Response(status=status, body=orjson.dumps(document), content_type=_KIND)
    return None


def _is_of_this_machine(host: str) -> bool:
    try:
        return is_loopback(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False
