"""Whose turn it is at a Klaviyo account: runs that wait for it are served oldest first."""

import re
from hashlib import sha256
from typing import Any

from shared.domain.plan import Plan
from shared.domain.run import Run
from shared.pipeline.runs import Runs, WakeUp


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

    async def first(self) -> WakeUp | None:
        """Return the wake-up of the run that waits longest; places of runs that have ended are cleared away."""
        async for path in self._runs.documents.names(f"waiting/{self._account}/"):
            document = await self._runs.documents.get(path)
            if document is None:
                continue
            wake_up = WakeUp(document.value["export_id"], document.value["run_id"])
            run = await self._runs.get(wake_up.export_id, wake_up.run_id)
            if run is not None and not run.status.is_ended:
                return wake_up
            await self._runs.documents.delete(path)
        return None

    def _place(self, run: Run) -> str:
        return f"waiting/{self._account}/{run.created_at:%Y%m%dT%H%M%S.%fZ}~{run.export_id}~{run.id}.json"


def turns_of(plan: Plan, runs: Runs) -> Turns:
    """Return the line before the account of *plan*; before its key's own where Klaviyo did not name the account."""
    account = plan.account_id
    if account is None:
        return Turns(f"secret-{_safe(plan.secret_name)}", runs)
    return Turns(_safe(account), runs)


def _safe(name: str) -> str:
    """Return *name* where it can stand in a path, else what stands for it."""
    return name if _PLAIN(name) else sha256(name.encode()).hexdigest()


_PLAIN = re.compile(r"[A-Za-z0-9-]{1,64}").fullmatch
