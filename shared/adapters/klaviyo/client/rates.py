"""How many requests Klaviyo takes at each endpoint: ``x-klaviyo-ratelimit`` in its OpenAPI, revision 2026-10-15."""

from dataclasses import dataclass

from shared.domain.runs.import_limits import IMPORTS_A_MINUTE, IMPORTS_A_SECOND

APART = 0.06
"""Seconds between two imports, of 0.1 that they have if they leave evenly.

Bodies of megabytes that set out at one moment arrive in a bunch, and late ones fall into the next second. Who fell
behind the limit catches up with the rest.
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """How many requests Klaviyo takes at one endpoint, and how many seconds we leave between two, at least."""

    name: str
    per_second: int
    per_minute: int
    apart: float = 0.0


IMPORT = Rate("import profiles", IMPORTS_A_SECOND, IMPORTS_A_MINUTE, apart=APART)
JOBS = Rate("list import jobs", 10, 150)
JOB = Rate("get import job", 10, 150)
IMPORT_ERRORS = Rate("get import errors", 10, 150)
LIST = Rate("get list", 75, 750)
LISTS = Rate("get lists", 75, 750)
NEW_LIST = Rate("make list", 10, 150)
LIST_FLOWS = Rate("get flows of list", 3, 60)
FLOWS = Rate("get flows", 3, 60)
PROFILES = Rate("get profiles", 75, 750)
ACCOUNT = Rate("get account", 1, 15)
