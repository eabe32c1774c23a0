"""HTTP to Klaviyo: each request at the pace of its endpoint, and again where it failed. The only way to its network."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from http import HTTPStatus

import aiohttp

from shared.adapters.klaviyo.client.account_key import Key
from shared.adapters.klaviyo.client.account_paces import Paces
from shared.adapters.klaviyo.client.klaviyo_answer import FailedAttempt, KlaviyoAnswer, judge
from shared.adapters.klaviyo.client.klaviyo_request import KlaviyoRequest
from shared.adapters.klaviyo.client.pace import Held
from shared.adapters.klaviyo.client.quota import Quota
from shared.adapters.klaviyo.client.retry import RetryPolicy
from shared.adapters.klaviyo.client.which_account import WHICH_ACCOUNT, read_account
from shared.domain.errors import ContractBroken, Throttled
from shared.domain.sentences import say
from shared.ports import Clock
from shared.ports.klaviyo_usage import note_request, note_throttled, waiting_for

logger = logging.getLogger(__name__)

LONGEST_ANSWER = 120.0
TIMEOUT = aiohttp.ClientTimeout(total=LONGEST_ANSWER, connect=15, sock_read=60)
"""Seconds; Klaviyo names none, and its own client waits for ever."""
SLOW_ANSWER, SLOW_SECONDS = "slow_answer", 10.0
"""An answer that takes longer, the turn of its request included, is told of as what holds a leg."""
TOLD_AFTER_SECONDS = 0.5
"""A shorter wait between two attempts is not told of: each telling is a write."""
PIECE_BYTES = 256 * 1024
"""A body is sent and read in pieces of this size, so that it does not hold up the event loop."""
MAX_ANSWER_BYTES = 32 * 1024 * 1024
"""Far more than Klaviyo's largest page; a longer answer would only fill the memory."""


class _Broken(Exception):
    """The connection broke under a request that may have reached Klaviyo; the text names the vendor's error."""


class KlaviyoClient:
    """Requests that carry one key; mutable. *paces* are those of the account that the key leads to."""

    def __init__(  # noqa: PLR0913 - what it works with, each by name
        self,
        session: aiohttp.ClientSession,
        base_url: str,
        *,
        key: Key,
        clock: Clock,
        draw: Callable[[], float],
        retry: RetryPolicy | None = None,
    ) -> None:
        self.key = key
        self.paces = Paces(clock)
        self._session = session
        self._base_url = base_url
        self._clock = clock
        self._draw = draw
        self._retry = retry or RetryPolicy()
        self.checking = asyncio.Lock()
        """Is held by whoever asks which account a new key leads to; all other requests over the key wait."""

    async def ask(self, request: KlaviyoRequest, *, on_lost: Callable[[], object] = lambda: None) -> KlaviyoAnswer:
        """Return Klaviyo's answer to *request*: 2xx, or a 4xx that the caller must understand.

        *on_lost* is called for each attempt that stays without an answer: Klaviyo may have carried it out.
        Raises `Throttled` and `Unavailable` when the attempts have ended, `CredentialsRefused` and `ScopeMissing` for
        the key, `ContractBroken`, `ConfigurationError` where a new key leads to another account than the one before,
        and what the fence of *request* raises.
        """
        failures = 0
        failed_at: float | None = None
        while True:
            with waiting_for(SLOW_ANSWER, self._clock.now(), LONGEST_ANSWER, told_after=SLOW_SECONDS):
                outcome = await self._attempt(request)
            if isinstance(outcome, KlaviyoAnswer):
                return outcome
            failures += 1
            if outcome.lost:
                on_lost()
            now = self._clock.monotonic()
            failed_at = now if failed_at is None else failed_at
            elapsed = now - failed_at
            wait = self._retry.wait(failures, elapsed=elapsed, asked=outcome.asked, draw=self._draw)
            if wait is None:
                raise outcome.given_up(request.rate, failures)
            logger.info("Klaviyo, %s: %s; trying again in %.1f s.", request.rate.name, outcome.why, wait)
            with waiting_for(outcome.error.reason, self._clock.now(), wait, told_after=TOLD_AFTER_SECONDS):
                await self._clock.sleep(wait)

    async def _attempt(self, request: KlaviyoRequest) -> KlaviyoAnswer | FailedAttempt:
        """Make one attempt. A refused key is read anew from its source, once, as it may have been exchanged."""
        key = await self.key.read()
        outcome = await self._send_checked(request, key)
        if isinstance(outcome, KlaviyoAnswer) and outcome.refuses_the_key:
            fresh = await self.key.read(fresh=True)
            if fresh != key:
                outcome = await self._send_checked(request, fresh)
            if isinstance(outcome, KlaviyoAnswer) and outcome.refuses_the_key:
                raise self.key.refusal(outcome.status, request.scopes)
        return outcome

    async def _send_checked(self, request: KlaviyoRequest, key: str) -> KlaviyoAnswer | FailedAttempt:
        """Send *request*; a new key first has to prove that it leads to the same account as the one before."""
        if request is not WHICH_ACCOUNT and self.key.is_in_doubt(key):
            async with self.checking:
                obstacle = await self._check(key) if self.key.is_in_doubt(key) else None
            if obstacle:
                return obstacle
        return await self._send(request, key)

    async def _check(self, key: str) -> KlaviyoAnswer | FailedAttempt | None:
        """Ask which account *key* leads to. Return None when that is settled, else what stands in the way."""
        outcome = await self._send(WHICH_ACCOUNT, key)
        if isinstance(outcome, FailedAttempt):
            return replace(outcome, lost=False)
        if outcome.status == HTTPStatus.UNAUTHORIZED:
            return outcome
        if outcome.status == HTTPStatus.FORBIDDEN:
            self.key.trust(key, None)  # accounts:read is a scope that a key may lack
        else:
            self.key.check(key, read_account(outcome.body).id)
        return None

    async def _send(self, request: KlaviyoRequest, key: str) -> KlaviyoAnswer | FailedAttempt:
        pace = self.paces.of(request.rate)
        try:
            left_at = await pace.take(patience=self._retry.max_seconds)
        except Held as held:
            return FailedAttempt.throttled(held.seconds)
        quota = None
        try:
            request.fence()
            note_request()
            async with self._session.request(
                request.method,
                self._base_url + request.path,
                params=request.query,
                data=_pieces(request.body, pace.take_end) if request.body else None,
                headers=request.headers(key),
                timeout=TIMEOUT,
                allow_redirects=False,
                middlewares=(_once,),
            ) as response:
                quota = Quota.from_headers(response.headers)
                outcome = judge(response.status, response.headers, await _read(response), key)
        except _Broken as broken:
            return FailedAttempt.unanswered(str(broken))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            if _never_left(error):
                return FailedAttempt.unconnected(self._base_url, type(error).__name__)
            return FailedAttempt.unanswered(type(error).__name__)
        finally:
            pace.answered(left_at, quota)
        if isinstance(outcome, FailedAttempt) and outcome.error is Throttled:
            note_throttled()
            pace.hold(outcome.asked or 1.0)
        return outcome


async def _once(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Send *request* once.

    Without this, aiohttp sends a GET again whose idle connection broke, and that second request keeps no pace.
    """
    try:
        return await send(request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        if _never_left(error):
            raise
        raise _Broken(type(error).__name__) from error


async def _pieces(body: tuple[bytes, ...], before_last: Callable[[], Awaitable[None]]) -> AsyncIterator[memoryview]:
    """Yield *body* in pieces, and wait before the last one."""
    views = [memoryview(part) for part in body if part]
    pieces = [view[start : start + PIECE_BYTES] for view in views for start in range(0, len(view), PIECE_BYTES)]
    for piece in pieces[:-1]:
        yield piece
    await before_last()
    yield pieces[-1]


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for piece in response.content.iter_chunked(PIECE_BYTES):
        body += piece
        if len(body) > MAX_ANSWER_BYTES:
            raise ContractBroken(
                say(
                    "klaviyo_answer_too_large",
                    "Klaviyo's answer has more than {most:,} bytes.",
                    most=MAX_ANSWER_BYTES,
                )
            )
    return bytes(body)


def _never_left(error: Exception) -> bool:
    """Tell whether the request certainly never reached Klaviyo."""
    return isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
