"""Whether the app is up, which asks nobody, and whether those whom the app needs answer."""

from dataclasses import asdict
from http import HTTPStatus

import azure.functions as func

from shared.api.answers.health import Checks, CheckShown, ClearedPoison
from shared.api.http.problems import Unhealthy
from shared.api.http.request import Answer, Request
from shared.control.check_health import Checked, check_health
from shared.control.poison import clear_poison as clear
from shared.domain.sentences import say
from shared.domain.times import utc_text


def health() -> func.HttpResponse:
    """``GET /health``: 200."""
    return func.HttpResponse(b'{"status":"ok"}', mimetype="application/json", headers={"Cache-Control": "no-store"})


async def get_health_details(request: Request) -> Answer:
    """Tell whether storage, segments, queue, vault and the timer work; 503 says what is wrong and what to do."""
    app = request.app
    checked = await check_health(app.store, app.probes, app.poison, app.secrets, app.clock)
    checks = asdict(Checks([_shown(each) for each in checked]))
    if bad := [each for each in checked if each.problem]:
        names = ", ".join(each.name for each in bad)
        details = " ".join(f"{each.name}: {each.problem}" for each in bad)
        raise Unhealthy(say("unhealthy", "Not everything works. {details}", names=names, details=details), **checks)
    return Answer(HTTPStatus.OK, checks)


async def clear_poison(request: Request) -> Answer:
    """Delete the messages that nobody could work on; the tick has woken their runs again long ago."""
    app = request.app
    messages = await clear(app.poison, author=request.author, store=app.store)
    return Answer(HTTPStatus.OK, asdict(ClearedPoison(messages)))


def _shown(checked: Checked) -> CheckShown:
    at = utc_text(checked.at) if checked.at else None
    return CheckShown(checked.name, checked.problem is None, checked.problem, checked.note, at)
