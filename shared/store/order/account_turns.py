"""Turns: the line of runs that wait for a busy account, in which the oldest run goes first."""

import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from shared.domain.config.stored_documents import damage_at, read_stored, stored
from shared.domain.errors import ConfigurationError, Conflict, Damaged
from shared.domain.runs.account_use import AccountUse
from shared.domain.runs.plan import Plan
from shared.domain.runs.progress import ACCOUNT_BUSY
from shared.domain.runs.run import Run, RunStatus
from shared.domain.runs.wake_up import WakeUp
from shared.ports import Documents
from shared.store.paths import LINES, account_lease, account_name, holder_path, line_folder, turn_path
from shared.store.runs import Runs

logger = logging.getLogger(__name__)


class Turns:
    """The line of runs that wait for one account: a document for each, and their names sort by the age of the runs."""

    def __init__(self, account: str, documents: Documents, runs: Runs) -> None:
        self._account = account
        self._documents = documents
        self._runs = runs

    @property
    def lease_name(self) -> str:
        """Return the name of the lease that a leg holds while it exports over the account."""
        return account_lease(self._account)

    async def stand_in_line(self, run: Run) -> None:
        """Note that *run* waits for the account."""
        document: dict[str, Any] = {"schema": 1, "export_id": run.export_id, "run_id": run.id}
        await self._documents.insert(self._turn(run), document)

    async def leave_line(self, run: Run) -> None:
        """Note that *run* does not wait for the account any more."""
        await self._documents.delete(self._turn(run))

    async def note_holder(self, run: Run) -> AccountUse | None:
        """Note that *run* has the account; return how the account was used before, None where nobody has noted that.

        The next run that has the account writes over the note.
        """
        path, note, before = holder_path(self._account), _note_on(run), None
        with suppress(Conflict, Damaged):  # the note of another leg, or one that somebody has damaged, stays as it is
            there = await self._documents.get(path)
            if there is None:
                await self._documents.insert(path, note)
                return None
            before = _use_in(there.value)
            if not _names(there.value, run):
                await self._documents.replace(path, note | ({"use": stored(before)} if before else {}), etag=there.etag)
        return before

    async def note_use(self, run: Run, use: AccountUse) -> None:
        """Note how *run* has used the account, unless another run has the account by now."""
        path = holder_path(self._account)
        with suppress(Conflict, Damaged):
            there = await self._documents.get(path)
            if there is not None and _names(there.value, run):
                await self._documents.replace(path, _note_on(run) | {"use": stored(use)}, etag=there.etag)

    async def holder(self) -> WakeUp | None:
        """Return the wake-up of the run that took the account last, None where that is not known."""
        with suppress(ConfigurationError):
            run = await self._run_at(holder_path(self._account))
            return run.wake_up if run and not run.status.is_ended else None
        return None

    async def first(self, *, besides: Run | None = None) -> WakeUp | None:
        """Return the wake-up of the oldest run in the line, *besides* one run; None for an empty line.

        The turns of runs that have ended, or that wait for something else by now, are removed.
        """
        passed_over = self._turn(besides) if besides else None
        async for path in self._documents.names(line_folder(self._account)):
            if path == passed_over:
                continue
            try:
                if (run := await self._run_at(path)) is not None and _stands_in_line(run):
                    return run.wake_up
            except ConfigurationError as error:
                logger.warning("A turn in the line for an account is removed: %s", error)
            await self._documents.delete(path)
        return None

    async def _run_at(self, path: str) -> Run | None:
        document = await self._documents.get(path)
        with damage_at(path):
            ids = (document.value["export_id"], document.value["run_id"]) if document else None
        return await self._runs.get(*ids) if ids else None

    def _turn(self, run: Run) -> str:
        return turn_path(self._account, run.created_at, run.export_id, run.id)


def turns_of(plan: Plan, documents: Documents, runs: Runs) -> Turns:
    """Return the line of runs that wait for the account of *plan*."""
    return Turns(account_name(plan.account_id, plan.secret_name), documents, runs)


async def lines(documents: Documents, runs: Runs) -> list[Turns]:
    """Return the lines in which somebody stands."""
    accounts = [path.removeprefix(LINES).partition("/")[0] async for path in documents.names(LINES)]
    return [Turns(account, documents, runs) for account in dict.fromkeys(accounts)]


def _note_on(run: Run) -> dict[str, Any]:
    return {"schema": 1, "export_id": run.export_id, "run_id": run.id}


def _names(note: Mapping[str, Any], run: Run) -> bool:
    return (note.get("export_id"), note.get("run_id")) == (run.export_id, run.id)


def _use_in(note: Mapping[str, Any]) -> AccountUse | None:
    """Return how the account was used by a *note* on its holder; None where the note does not say, or is damaged."""
    with suppress(Damaged):
        return read_stored(AccountUse, found) if (found := note.get("use")) is not None else None
    return None


def _stands_in_line(run: Run) -> bool:
    """Tell whether *run* would take its turn if it were woken."""
    return run.status is RunStatus.EXPORTING and (run.waiting is None or run.waiting.reason == ACCOUNT_BUSY)
