"""The answer that tells callers who they are, and how this app is set up."""

from dataclasses import dataclass
from typing import Literal

from shared.api.answers.answer_types import Time


@dataclass(frozen=True, slots=True)
class RefreshShown:
    """The schedule of the app, which exports with the schedule "refresh" follow, and its *next* time."""

    cron: str
    time_zone: str
    next: Time


@dataclass(frozen=True, slots=True)
class SetupShown:
    """How the app is set up, as far as it matters to people; no secret, and no name of what lies in Azure.

    *tick_schedule* is a cron expression with seconds. *version* is the release of the app.
    """

    auth_mode: Literal["keys", "entra"]
    can_enter_keys: bool
    refresh: RefreshShown | None
    tick_schedule: str
    retention_days: float
    version: str
    python: str


@dataclass(frozen=True, slots=True)
class MeShown:
    """The caller: *label* stands for them in documents that everybody reads, *name* only where administrators read.

    *may* has the names of the calls that the role may make; ``openapi.json`` describes each. Whether a contributor may
    work with one export depends on its connection, and stands in ``may`` of the export.
    """

    name: str | None
    label: str
    role: Literal["read", "contribute", "administer"]
    may: list[str]
    app: SetupShown
