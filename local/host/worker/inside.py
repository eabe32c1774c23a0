"""A worker inside the host's own process, for tests; its calls are cancelled where those of a process are killed."""

import asyncio
from collections.abc import Sequence

import azure.functions as func

from local.host.worker.calls import Asked, Described, Done, Raised, WorkerLost
from local.host.worker.performing import Performer
from local.processes import LocalProblem


class WorkerInside:
    """Runs the functions of an app beside the host."""

    def __init__(self, app: func.FunctionApp) -> None:
        self._app = app
        self._performer: Performer | None = None
        self._running: set[asyncio.Task[Done | Raised]] = set()

    async def start(self) -> Sequence[Described]:
        """Take over the app; see `Worker`."""
        try:
            self._performer = Performer(self._app)
        except ValueError as error:
            raise LocalProblem(str(error)) from error
        return self._performer.functions

    async def call(self, name: str, asked: Asked) -> Done | Raised:
        """Call the function *name*; see `Worker`."""
        assert self._performer, "The worker has not been started."  # noqa: S101 - a fault of the host
        task = asyncio.create_task(self._performer.perform(name, asked))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await asyncio.wait([task])
        if task.cancelled():
            raise WorkerLost
        return task.result()

    async def kill(self) -> None:
        """Cancel all calls; see `Worker`."""
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running)

    async def tell(self) -> None:
        """Do nothing; see `Worker`."""

    async def stop(self) -> None:
        """Cancel all calls; see `Worker`."""
        await self.kill()
