"""Where each document of the app lies, and the name of each lease.

No other module makes a path. All paths are relative to the app's own container.
"""

import re
from datetime import datetime
from hashlib import sha256

from shared.domain.identifiers import moment_of_run, run_id_at

CONNECTIONS = "connections/"
EXPORTS = "exports/"
MARKERS = "active/"
LINES = "waiting/"
LAST_TICK = "tick.json"
"""The note on when the last tick came to its end."""
RECENT_ENDS = "ends.json"
"""The note on the runs that ended a moment ago, whose ends are told again."""
LOOKS = "looks.json"
"""The note on what the looks for new data have seen."""
INDEX = "index/"
INDEX_NOTE = "index.json"
"""The note on how far the walk has come that puts missing runs into the index."""


def document_path(folder: str, document_id: str) -> str:
    """Return the path of a connection or an export; *folder* is `CONNECTIONS` or `EXPORTS`."""
    return f"{folder}{document_id}.json"


def export_path(export_id: str) -> str:
    """Return the path of an export."""
    return document_path(EXPORTS, export_id)


def schedule_path(export_id: str) -> str:
    """Return the path of the note on the last slot of an export that was served."""
    return f"schedules/{export_id}.json"


def last_sources_path(export_id: str) -> str:
    """Return the path of the note on the dated folders that an export has read last."""
    return f"sources/{export_id}.json"


def served_path(export_id: str) -> str:
    """Return the path of the note on the states of its segments that an export was served."""
    return f"served/{export_id}.json"


def known_list_path(export_id: str) -> str:
    """Return the path of the note on the list that an export has sent to."""
    return f"lists/{export_id}.json"


def list_names_path(connection_id: str) -> str:
    """Return the path of the names of the lists that exports over a connection send to."""
    return f"list-names/{connection_id}.json"


def run_folder(*ids: str) -> str:
    """Return the folder of one run (export id, run id), of every run of an export (export id), or of all runs."""
    return "/".join(("runs", *ids, ""))


def run_path(export_id: str, run_id: str) -> str:
    """Return the path of a run's own document."""
    return f"runs/{export_id}/{run_id}/run.json"


def plan_path(export_id: str, run_id: str) -> str:
    """Return the path of a run's plan."""
    return f"runs/{export_id}/{run_id}/plan.json"


def part_path(export_id: str, run_id: str, leg: int | str, part: int) -> str:
    """Return the path of part *part* (from 1) of leg *leg* (from 1)."""
    return f"runs/{export_id}/{run_id}/parts/{leg}-{part}.ndjson"


def rejections_path(export_id: str, run_id: str) -> str:
    """Return the path of the rejected rows of a run that has ended."""
    return f"runs/{export_id}/{run_id}/rejections.ndjson"


def unconfirmed_path(export_id: str, run_id: str) -> str:
    """Return the path of the jobs whose end could not be learnt, of a run that has ended."""
    return f"runs/{export_id}/{run_id}/unconfirmed.ndjson"


def cancel_path(export_id: str, run_id: str) -> str:
    """Return the path of the note that asks a run to stop."""
    return f"runs/{export_id}/{run_id}/cancel.json"


def stop_settling_path(export_id: str, run_id: str) -> str:
    """Return the path of the note that asks a run not to wait for its import jobs."""
    return f"runs/{export_id}/{run_id}/stop-settling.json"


def marker_path(export_id: str, run_id: str) -> str:
    """Return the path of the marker of a run that has not ended."""
    return f"{MARKERS}{export_id}/{run_id}.json"


def markers_folder(export_id: str | None = None) -> str:
    """Return the folder of the markers of one export, or of all markers."""
    return f"{MARKERS}{export_id}/" if export_id else MARKERS


def ids_of_marker(path: str) -> tuple[str, str]:
    """Return the export id and the run id in the path of a marker."""
    export_id, _, run_id = path.removeprefix(MARKERS).removesuffix(".json").partition("/")
    return export_id, run_id


def gate_path(export_id: str) -> str:
    """Return the path of the gate of an export, beside the folder of the export's markers."""
    return f"{MARKERS}{export_id}.json"


def is_gate(path: str) -> bool:
    """Tell whether *path*, of what lies under `MARKERS`, is that of a gate."""
    return "/" not in path.removeprefix(MARKERS)


def export_of_gate(path: str) -> str:
    """Return the id of the export whose gate lies at *path*."""
    return path.removeprefix(MARKERS).removesuffix(".json")


def index_path(export_id: str, run_id: str) -> str:
    """Return the path of a run's entry in the index; the paths of entries sort by the ids of the runs, newest first.

    Each digit of the time stands for nine minus the digit, because storage lists names upwards only:
    ``20261123t060000z-6f3a`` lies in ``79738876/``. A name with milliseconds comes before that of the whole second.
    """
    moment = moment_of_run(run_id).translate(_DOWNWARDS)
    return f"{INDEX}{moment[:_DAY]}/{moment}~{export_id}~{run_id}.json"


def index_place(until: datetime) -> str:
    """Return the place in the index behind which lie the entries of all runs before *until*, a whole second.

    No id begins with a tilde, so the place comes after every entry of that second.
    """
    return index_path("~", run_id_at(until, "")).partition("~")[0] + "~~"


def line_folder(account: str) -> str:
    """Return the folder of the turns of runs that wait for an account."""
    return f"{LINES}{account}/"


def holder_path(account: str) -> str:
    """Return the path of the note on the run that took an account last."""
    return f"holders/{account}.json"


def turn_path(account: str, created_at: datetime, export_id: str, run_id: str) -> str:
    """Return the path of a run's turn in the line for an account; the paths of turns sort by the age of the runs."""
    return f"{line_folder(account)}{created_at:%Y%m%dT%H%M%S.%fZ}~{export_id}~{run_id}.json"


def idempotency_folder(scope: str) -> str:
    """Return the folder of the idempotency keys of one export, or of the requests about all exports."""
    return f"idempotency/{scope}/"


def idempotency_path(scope: str, key: str) -> str:
    """Return the path of what was decided under the idempotency key *key*."""
    return f"{idempotency_folder(scope)}{digest(key.encode())}.json"


def audit_path(moment: datetime) -> str:
    """Return the path of the audit trail of the month of *moment* (UTC)."""
    return f"audit/{moment:%Y-%m}.ndjson"


def run_lease(export_id: str, run_id: str) -> str:
    """Return the name of the lease that a leg holds while it works on a run."""
    return f"runs/{export_id}/{run_id}"


def account_lease(account: str) -> str:
    """Return the name of the lease that a leg holds while it exports over an account."""
    return f"accounts/{account}"


def account_name(account_id: str | None, secret_name: str) -> str:
    """Return the name of a Klaviyo account in paths; its secret stands for an account that Klaviyo did not name."""
    return f"secret-{_plain(secret_name)}" if account_id is None else _plain(account_id)


def digest(text: bytes) -> str:
    """Return a SHA-256 in hexadecimal digits, which stands for a text that must not be in a path."""
    return sha256(text).hexdigest()


def _plain(name: str) -> str:
    return name if _CAN_BE_A_STEP(name) else digest(name.encode())


_DAY = len("yyyymmdd")
_DOWNWARDS = str.maketrans("0123456789", "9876543210")
_CAN_BE_A_STEP = re.compile(r"[A-Za-z0-9-]{1,64}").fullmatch
