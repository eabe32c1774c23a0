"""Which sentences of a run a caller reads: administrators all, others only those that name no secret and no account."""

from collections.abc import Mapping
from typing import Any

from shared.api.access.callers import Caller
from shared.domain.sentences import say

_NAMES_NO_SECRET = frozenset(
    {
        "cancelled",
        "contract_broken",
        "limit_reached",
        "live_flow",
        "not_isolated",
        "previous_run_active",
        "source_changed",
    }
)
"""The reasons whose sentences never named a secret or an account, in no release."""
_OF_AN_OLDER_RELEASE = say(
    "sentence_of_older_release",
    "A release before this one wrote the sentence, and did not say who may read it; an administrator sees it.",
)
"""Stands for every other sentence of a run that was stored before there were public sentences."""


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
    is_old = not stored["code"] and stored["detail"] and stored["reason"] not in _NAMES_NO_SECRET
    return shown | (_OF_AN_OLDER_RELEASE.document() if is_old else stored["public"] or {})
