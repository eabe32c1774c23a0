"""The sentences about a run in answers.

Of those that the run has stored, administrators read all, others only those that name no secret and no account.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.api.access.callers import Caller
from shared.api.answers.runs import CancelRequested
from shared.domain.runs.progress import silent_since
from shared.domain.runs.run import Run, RunStatus
from shared.domain.sentences import Sentence, say
from shared.domain.times import utc_text
from shared.store.runs import StopNote

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


def asked_to_stop(run: Run, note: StopNote, *, settles: bool) -> CancelRequested:
    """Return that the author of *note* has asked *run* to stop, and what comes next."""
    sentence = _next_after_cancel(run, note.by, settles=settles)
    at = utc_text(note.at) if note.at else None
    return CancelRequested(note.by, at, settles, sentence.code, sentence.params, sentence.detail)


def _next_after_cancel(run: Run, who: str, *, settles: bool) -> Sentence:
    if not settles:
        return say("cancelling_at_once", _AT_ONCE, who=who)
    if run.status is RunStatus.SETTLING:
        return say("cancelling_while_settling", _WHILE_SETTLING, who=who)
    return say("cancelling", "{who} asked the run to stop; the run first settles what it has sent.", who=who)


_AT_ONCE = (
    "{who} asked the run to end without waiting for Klaviyo: the run ends within a minute, and the rows of import jobs "
    "that have not ended by then are unconfirmed. Klaviyo may still finish those jobs, perhaps after the jobs of newer "
    "runs."
)
_WHILE_SETTLING = (
    "{who} asked the run to stop; it sends nothing more and waits for Klaviyo's import jobs. Cancel it with ?settle=no "
    "to end it without waiting."
)


def silence_of(run: Run, now: datetime) -> Sentence | None:
    """Return the sentence that says since when *run* shows no sign of life, None where nothing is wrong."""
    since = silent_since(run, now)
    if since is None:
        return None
    code, text = ("no_sign_of_life", _SILENT) if run.legs else ("not_taken_up", _NOT_TAKEN_UP)
    return say(code, text, since=utc_text(since))


_SILENT = (
    "No sign of life since {since}: the leg has died, or the storage does not answer it. "
    "A leg that has died is taken up again within 90 seconds."
)
_NOT_TAKEN_UP = "No leg has begun since {since}: the message was lost, or all instances are busy. It is sent again."


def _told(stored: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    """Return a stored ending or waiting with one sentence: that for administrators, or the public one."""
    shown = {name: value for name, value in stored.items() if name != "public"}
    shown["code"] = stored["code"] or stored["reason"]
    if caller.is_administrator:
        return shown
    is_old = not stored["code"] and stored["detail"] and stored["reason"] not in _NAMES_NO_SECRET
    return shown | (_OF_AN_OLDER_RELEASE.document() if is_old else stored["public"] or {})
