"""Whose turn it is at a Klaviyo account: runs that wait for it are served oldest first."""

import logging
import re
from hashlib import sha256
from typing import Any

from shared.domain.config.reading import stored
from shared.domain.errors import ConfigurationError
from shared.domain.runs.plan import Plan
from shared.domain.runs.run import Run, RunStatus
from shared.store.runs import Runs, WakeUp

logger = logging.getLogger(__name__)

ACCOUNT_BUSY = "account_busy"


class Turns:
    """The line before one account, kept as documents ``waiting/{account}/…`` whose names are in order of age."""

    def __init__(self, account: str, runs: Runs) -> None:
        self._account = account
        self._runs = runs

    @property
    def lease_name(self) -> str:
        """Return the name of the lease that whoever exports over the account has."""
        return f"accounts/{self._account}"

    async def stand_in_line(self, run: Run) -> None:
        """Note that *run* waits."""
        document: dict[str, Any] = {"schema": 1, "export_id": run.export_id, "run_id": run.id}
        await self._runs.documents.insert(self._place(run), document)

    async def leave_line(self, run: Run) -> None:
        """Note that *run* waits no more."""
        await self._runs.documents.delete(self._place(run))

    async def first(self, *, besides: Run | None = None) -> WakeUp | None:
        """Return the wake-up of the run that waits longest, *besides* one.

        Places are cleared away whose runs want the account no more, or wait for something else by now.
        """
        passed_over = self._place(besides) if besides else None
        async for path in self._runs.documents.names(f"waiting/{self._account}/"):
            if path == passed_over:
                continue
            try:
                if (run := await self._run_at(path)) is not None and _stands_in_line(run):
                    return WakeUp(run.export_id, run.id)
            except ConfigurationError as error:
                logger.warning("A place in the line is cleared away: %s", error)
            await self._runs.documents.delete(path)
        return None

    async def _run_at(self, path: str) -> Run | None:
        """Return the run whose place in the line is at *path*."""
        document = await self._runs.documents.get(path)
        with stored(path):
            ids = (document.value["export_id"], document.value["run_id"]) if document else None
        return await self._runs.get(*ids) if ids else None

    def _place(self, run: Run) -> str:
        return f"waiting/{self._account}/{run.created_at:%Y%m%dT%H%M%S.%fZ}~{run.export_id}~{run.id}.json"


def turns_of(plan: Plan, runs: Runs) -> Turns:
    """Return the line before the account of *plan*; before its key's own where Klaviyo did not name the account."""
    account = plan.account_id
    if account is None:
        return Turns(f"secret-{_safe(plan.secret_name)}", runs)
    return Turns(_safe(account), runs)


def _stands_in_line(run: Run) -> bool:
    """Tell whether *run* would take its turn if it were woken."""
    return run.status is RunStatus.EXPORTING and (run.waiting is None or run.waiting.reason == ACCOUNT_BUSY)


def _safe(name: str) -> str:
    """Return *name* where it can stand in a path, else what stands for it."""
    return name if _PLAIN(name) else sha256(name.encode()).hexdigest()


_PLAIN = re.compile(r"[A-Za-z0-9-]{1,64}").fullmatch
