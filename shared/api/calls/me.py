"""Who is asking, what they may do, and how this app is set up."""

import platform
from collections.abc import Iterable
from datetime import timedelta

from shared import VERSION
from shared.api.access.callers import ROLE_WORDS
from shared.api.answers.me import MeShown, RefreshShown, SetupShown
from shared.api.http.request import Request
from shared.api.http.route import Route
from shared.domain.times import utc_text


def me(request: Request, routes: Iterable[Route]) -> MeShown:
    """Return the caller of *request*, with the calls among *routes* that their role may make."""
    caller = request.caller
    may = [route.name for route in routes if caller.role >= route.role]
    return MeShown(caller.name, caller.label, ROLE_WORDS[caller.role], may, _setup(request))


def _setup(request: Request) -> SetupShown:
    settings, refresh = request.app.settings, request.app.settings.refresh
    following = refresh and utc_text(refresh.next_slot(request.app.clock.now()))
    return SetupShown(
        auth_mode=settings.auth_mode.value,
        can_enter_keys=settings.key_vault_url is not None and settings.allows_key_entry,
        refresh=RefreshShown(refresh.cron, refresh.time_zone, following) if refresh and following else None,
        tick_schedule=settings.tick_schedule,
        retention_days=settings.run_retention / timedelta(days=1),
        version=VERSION,
        python=platform.python_version(),
    )
