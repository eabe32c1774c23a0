"""Whole runs over the real Klaviyo adapter: on loopback, against the simulator, in virtual time."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
from aiohttp import web

from local.klaviyo.account.accounts import Account
from local.klaviyo.account.lists import ProfileList
from local.klaviyo.http.calls import Call
from local.klaviyo.server import serving
from local.klaviyo.simulator import Simulator
from shared.adapters.klaviyo.klaviyo_sink import KlaviyoSinks
from shared.domain.runs.run import Run, RunStatus
from shared.domain.runs.wake_up import WakeUp
from shared.ports import Secrets
from tests.builders import World, checked, ndjson
from tests.fakes.clock import FakeClock
from tests.fakes.secrets import MemorySecrets
from tests.fakes.sink import LIST, SECRET

KEY = "pk_simulator"
ACCOUNT = "AbC123"
IMPORTS = "bulk_import_profiles"
SWEEPS = "get_bulk_import_profiles_jobs"
ERRORS = "get_errors_for_bulk_import_profiles_job"
Behaviour = Mapping[str, Any]
Serve = Callable[[Simulator], "AsyncIterator[str]"]


class KlaviyoWorld(World):
    """The product over fakes but for Klaviyo: that is the real adapter before the simulator; mutable."""

    def __init__(
        self, simulator: Simulator, new_sinks: Callable[[], KlaviyoSinks], max_profiles: int | None, **world: Any
    ) -> None:
        super().__init__(**world)
        self.simulator = simulator
        self._new_sinks = new_sinks
        self._max_profiles = max_profiles
        self.move()

    def move(self) -> None:
        """Let whatever happens from now on happen in another process, which knows nothing of Klaviyo yet."""
        sinks = self._new_sinks()
        self.resources = replace(self.resources, sinks=sinks)
        if self._max_profiles is not None:
            for sink in (sinks(SECRET), sinks(SECRET, ACCOUNT)):
                sink.max_profiles = self._max_profiles

    def behave(self, **behaviour: Any) -> None:
        """Let Klaviyo behave like this from now on, and as at the start in everything else."""
        self.simulator.change(behaviour)

    def members(self) -> list[str]:
        """Return who is on the list, sorted."""
        self.simulator.settle()
        [account] = [each for each in self.simulator.accounts if each.id == ACCOUNT]
        return sorted(account.profiles.attributes(place)["email"] for place in account.lists[LIST].members)

    def jobs(self) -> list[Any]:
        """Return every import job of the account, as the simulator has it."""
        return list(self.simulator.accounts[0].jobs.all)

    def answers(self, endpoint: str = IMPORTS) -> dict[str, int]:
        """Return how the requests to *endpoint* ended, by status or ``reset``."""
        return dict(self.simulator.stats.requests[endpoint])

    async def run_through(self, *changes: tuple[float, Behaviour]) -> Run:
        """Request a run and see it through; at so many seconds from now Klaviyo changes its behaviour."""

        async def change() -> None:
            passed = 0.0
            for seconds, behaviour in changes:
                await self.clock.sleep(seconds - passed)
                passed = seconds
                self.behave(**behaviour)

        changing = asyncio.create_task(change())
        try:
            wake_up = await self.start()
            await self.go(wake_up)
        finally:
            changing.cancel()
            await asyncio.gather(changing, return_exceptions=True)
        return self.run(wake_up)

    async def until(
        self, wake_up: WakeUp, is_so: Callable[[], bool], then: Callable[[], Awaitable[None] | None]
    ) -> Run:
        """See the run through; as soon as *is_so*, *then* happens."""

        async def watch() -> None:
            while not is_so():
                await self.clock.sleep(0.05)
            if waiting := then():
                await waiting

        watching = asyncio.create_task(watch())
        await self.go(wake_up)
        await watching
        return self.run(wake_up)


def rows(emails: Iterable[str]) -> bytes:
    """Return a file of rows with these addresses."""
    return ndjson({"EMail": email, "FirstName": "x"} for email in emails)


def good(count: int, *, first: int = 0) -> list[str]:
    """Return different addresses that nobody refuses."""
    return sorted(f"p{number}@example.com" for number in range(first, first + count))


@asynccontextmanager
async def klaviyo_world(
    blobs: Mapping[str, bytes],
    *,
    max_profiles: int | None = 10,
    secrets: Secrets | None = None,
    serve: Any = serving,
    session: Callable[[aiohttp.ClientSession, FakeClock], Any] = lambda session, _clock: session,
    accounts: Iterable[Account] | None = None,
    behaviour: Behaviour | None = None,
    settle_limit: timedelta = timedelta(hours=24),
    **world: Any,
) -> AsyncGenerator[KlaviyoWorld]:
    """Open a world with one segment of *blobs*; *serve* and *session* stand for the two ends of the network."""
    clock = FakeClock()
    ours = Account(ACCOUNT, keys={KEY: _SCOPES}, lists=[ProfileList(LIST, "VIP newsletter")])
    simulator = Simulator([ours] if accounts is None else accounts, clock=clock)
    simulator.change({"job_seconds": 2.0, **(behaviour or {})})
    async with serve(simulator) as base_url, aiohttp.ClientSession() as plain:
        network, keys = session(plain, clock), secrets or MemorySecrets({SECRET: KEY})

        def new_sinks() -> KlaviyoSinks:
            return KlaviyoSinks(network, base_url, keys, clock=clock, draw=lambda: 0.5)

        yield KlaviyoWorld(
            simulator, new_sinks, max_profiles, blobs=blobs, clock=clock, settle_limit=settle_limit, **world
        )


def ended_well(run: Run, world: KlaviyoWorld, emails: Iterable[str]) -> Run:
    """Return *run* when it has succeeded, every row is accepted once, and the list has exactly *emails*."""
    expected = sorted(set(emails))
    assert run.status is RunStatus.SUCCEEDED, run
    assert (run.tally.read, run.tally.accepted) == (len(expected), len(expected))
    assert world.members() == expected
    assert world.rejections(run) == []
    return checked(run)


class OutOfTime:
    """Stands for a session under which some requests reach Klaviyo and run out of time before its answer; mutable."""

    def __init__(
        self, session: aiohttp.ClientSession, clock: FakeClock, *, seconds: float, is_due: Callable[[], bool]
    ) -> None:
        self._session = session
        self._clock = clock
        self._seconds = seconds
        self._is_due = is_due

    @asynccontextmanager
    async def request(self, method: str, *args: Any, **options: Any) -> AsyncIterator[aiohttp.ClientResponse]:
        is_late = method == "POST" and self._is_due()
        async with self._session.request(method, *args, **options) as response:
            if is_late:
                await self._clock.sleep(self._seconds)
                raise aiohttp.SocketTimeoutError
            yield response


@asynccontextmanager
async def serving_halves(simulator: Simulator, is_due: Callable[[str], bool]) -> AsyncIterator[str]:
    """Serve *simulator*; where it *is_due* for an endpoint, everything is done and the answer breaks off half-way."""

    async def handle(request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        base_url = f"{request.scheme}://{request.host}"
        visit = simulator.admit(Call(request.method, request.path, dict(request.query), headers, base_url))
        answer = simulator.answer(visit, await request.read())
        is_half = is_due(visit.name)
        simulator.stats.answered(visit.name, "half" if is_half else str(answer.status))
        if not is_half:
            return web.Response(status=answer.status, body=answer.body, headers=answer.headers)
        response = web.StreamResponse(status=answer.status, headers=answer.headers)
        response.content_length = len(answer.body)
        await response.prepare(request)
        await response.write(answer.body[: len(answer.body) // 2])
        assert request.transport
        request.transport.abort()
        return response

    runner = web.ServerRunner(web.Server(handle), access_log=None)  # type: ignore[arg-type]  # it gives less than an app does, and enough
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


_SCOPES = ["accounts:read", "lists:read", "lists:write", "profiles:read", "profiles:write"]
