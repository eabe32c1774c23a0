"""Which sentences of a run a caller reads: administrators all, others only those that name no secret and no account."""

from collections.abc import Mapping
from typing import Any

from shared.api.access.callers import Caller
from shared.domain.errors import CONNECTION_TROUBLE

_MAY_NAME_A_SECRET = frozenset({"configuration", "credentials_refused", "scope_missing", "unavailable"})
"""The reasons under which a run of an older release, which kept no public sentence, may name a secret or an account."""


def as_told_to(caller: Caller, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the *document* of a run, or a part of it, with the sentences that *caller* may read."""
    shown = {name: value for name, value in document.items() if name != "sentences"}
    if "warnings" in shown:
        shown["warnings"] = document["sentences"]
    for name in ("error", "ending", "waiting"):
        if document.get(name):
            shown[name] = _told(document[name], caller)
    return shown


def _told(stored: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    """Return a stored ending or waiting with one sentence: that for administrators, or the public one."""
    shown = {name: value for name, value in stored.items() if name != "public"}
    shown["code"] = stored["code"] or stored["reason"]
    if caller.is_administrator:
        return shown
    is_old = not stored["code"] and stored["detail"] and stored["reason"] in _MAY_NAME_A_SECRET
    return shown | (CONNECTION_TROUBLE.document() if is_old else stored["public"] or {})
