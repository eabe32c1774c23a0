"""The rules for ids and names, which keep them safe in paths, addresses and logs."""

import re
from datetime import datetime

from shared.domain.errors import ConfigurationError
from shared.domain.sentences import Sentence, say

ID_RULE = (
    "must begin with a lower-case letter or a digit, "
    "go on with lower-case letters, digits and hyphens, and have at most 63 characters"
)
ID_PATTERN = "^[a-z0-9][a-z0-9-]{0,62}$"
_ID = re.compile(ID_PATTERN[1:-1])
SEGMENT_PATTERN = r"^[A-Za-z0-9_.=-]*[A-Za-z0-9_=-][A-Za-z0-9_.=-]*(/[A-Za-z0-9_.=-]*[A-Za-z0-9_=-][A-Za-z0-9_.=-]*)*$"
"""The rule of `segment_problem` as a regular expression, for the description of the API."""
_SEGMENT = re.compile(r"[A-Za-z0-9_.=-]+(/[A-Za-z0-9_.=-]+)*")
MAX_SEGMENT_NAME = 512
_FINE_RUN_ID = re.compile(r"(\d{8}t\d{6}z)-(\d{3})[0-9a-f]{4}(?:-again)?", re.ASCII).fullmatch
_WHOLE_SECONDS = len("yyyymmddthhmmssz")
VAULT_NAME_PATTERN = "^[0-9A-Za-z-]{1,127}$"
"""The rule of Key Vault for the name of a secret."""
_SECRET = re.compile(VAULT_NAME_PATTERN[1:-1])


def is_id(text: str) -> bool:
    """Tell whether *text* can be the id of a connection, an export or a run."""
    return _ID.fullmatch(text) is not None


def check_id(kind: str, text: str) -> str:
    """Return *text*, or raise `ConfigurationError` when it cannot be the id of a *kind*."""
    if is_id(text):
        return text
    raise ConfigurationError(say("not_the_id_of", f"This is not the id of {{kind}}: it {ID_RULE}.", kind=kind))


def run_id_at(moment: datetime, suffix: str) -> str:
    """Return the id of a run requested at *moment* (UTC), a whole second; *suffix* tells apart runs of that second."""
    return f"{moment:%Y%m%dt%H%M%Sz}-{suffix}"


def new_run_id(moment: datetime, drawn: str) -> str:
    """Return the id of a run that is requested at *moment* (UTC); *drawn* are four hexadecimal digits.

    The milliseconds stand before the digits, so that runs of one second keep their order:
    ``20261123t060000z-2056f3a`` is a run of 06:00:00.205.
    """
    return run_id_at(moment, f"{moment.microsecond // 1000:03d}{drawn}")


def moment_of_run(run_id: str) -> str:
    """Return the time in the id of a run as it sorts: ``20261123t060000z205``; without milliseconds where it has none.

    An id without them is that of a slot, which comes before all else in its second, or was made by release 0.1.0.
    """
    fine = _FINE_RUN_ID(run_id)
    return f"{fine[1]}{fine[2]}" if fine else run_id[:_WHOLE_SECONDS]


def age_of_run(run_id: str) -> tuple[str, str]:
    """Return the key by which ids of runs sort, oldest first."""
    return moment_of_run(run_id), run_id


def segment_problem(name: str) -> Sentence | None:
    """Return what is wrong with a segment's *name*, or None.

    A name is the path of a folder: steps of letters, digits and ``_ . = -`` between single slashes (``eu/vip``).
    """
    if len(name) > MAX_SEGMENT_NAME:
        return say("too_long", "has more than {limit} characters", limit=MAX_SEGMENT_NAME)
    if _SEGMENT.fullmatch(name) is None:
        return say("not_a_segment_name", "must be letters, digits and _ . = - between single slashes")
    if any(step.strip(".") == "" for step in name.split("/")):
        return say("step_of_dots", "must not have a step of dots only")
    return None


def secret_name_problem(name: str) -> Sentence | None:
    """Return what is wrong with the *name* of a secret, or None; the rule is that of Key Vault."""
    if _SECRET.fullmatch(name) is None:
        return say("not_a_secret_name", "must be 1 to 127 letters (a to z), digits and hyphens")
    return None
