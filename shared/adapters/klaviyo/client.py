"""HTTP to Klaviyo: one request at a time as its rules want it, paced and tried again. The only door to its network."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import NoReturn

import aiohttp

from shared.adapters.klaviyo.accounts import Paces
from shared.adapters.klaviyo.key import Key
from shared.adapters.klaviyo.pace import ACCOUNT, Held, Rate
from shared.adapters.klaviyo.quota import Quota
from shared.adapters.klaviyo.retry import RetryPolicy
from shared.adapters.klaviyo.wire import MEDIA_TYPE, REVISION, account, is_document
from shared.domain.config.scopes import SCOPES
from shared.domain.errors import (
    LONGEST_ASKED_SECONDS,
    ContractBroken,
    CredentialsRefused,
    ScopeMissing,
    Throttled,
    Unavailable,
)
from shared.ports import Clock
from shared.ports.usage import note_request, note_throttled

logger = logging.getLogger(__name__)

TIMEOUT = aiohttp.ClientTimeout(total=120, connect=15, sock_read=60)
PIECE_BYTES = 256 * 1024
ALL_SCOPES = f"{', '.join(scope.name for scope in SCOPES[:-1])} and {SCOPES[-1].name}"
MAX_ANSWER_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of Klaviyo; *body* in pieces; *scopes* are what the key needs for it.

    *fence* raises when it must not be asked any more: it may have waited long for its turn, or for another attempt.
    """

    method: str
    path: str
    rate: Rate
    scopes: str
    query: Mapping[str, str] | None = None
    body: tuple[bytes, ...] = field(default=(), repr=False)
    fence: Callable[[], object] = field(default=lambda: None, repr=False)


WHICH_ACCOUNT = Request("GET", "/api/accounts", ACCOUNT, "accounts:read")
"""Asks which account the key leads to."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What Klaviyo answered, to which key."""

    status: int
    body: bytes = field(repr=False)
    key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class _Failure:
    """An attempt that may be repeated; *asked* is Klaviyo's own wait; *lost* if it may have been carried out.

    *error* is what the last of such attempts is raised as.
    """

    why: str
    error: type[Throttled | Unavailable] = Unavailable
    asked: float | None = None
    lost: bool = False


class _Broken(Exception):
    """The connection broke under a request that may have reached Klaviyo; it says the vendor's word for it."""


class KlaviyoClient:
    """Requests over one key, each endpoint at its own pace; mutable: *paces* are those of the key's account."""

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
        self._checking = asyncio.Lock()

    async def ask(self, request: Request, *, on_lost: Callable[[], object] = lambda: None) -> Answer:
        """Return Klaviyo's answer to *request*: 2xx or a 4xx that the caller must understand.

        *on_lost* is called for each attempt that stays without an answer: Klaviyo may have carried it out.
        Raises `Throttled` and `Unavailable` when the attempts have ended, `CredentialsRefused`, `ContractBroken`, and
        `ConfigurationError` where a new key leads to another account than the one before.
        """
        failures = 0
        failed_at: float | None = None
        while True:
            outcome = await self._attempt(request)
            if isinstance(outcome, Answer):
                return outcome
            failures += 1
            if outcome.lost:
                on_lost()
            now = self._clock.monotonic()
            failed_at = now if failed_at is None else failed_at
            elapsed = now - failed_at
            wait = self._retry.wait(failures, elapsed=elapsed, asked=outcome.asked, draw=self._draw)
            if wait is None:
                _give_up(request, outcome, failures)
            logger.info("Klaviyo, %s: %s; trying again in %.1f s.", request.rate.name, outcome.why, wait)
            await self._clock.sleep(wait)

    async def _attempt(self, request: Request) -> Answer | _Failure:
        """Make one attempt; a refused key is read anew from its source, once, as it may have been exchanged."""
        key = await self.key.read()
        outcome = await self._send_checked(request, key)
        if _is_refused(outcome):
            fresh = await self.key.read(fresh=True)
            if fresh != key:
                outcome = await self._send_checked(request, fresh)
            if isinstance(outcome, Answer) and _is_refused(outcome):
                raise _refused(outcome.status, self.key.secret_name, request.scopes)
        return outcome

    async def _send_checked(self, request: Request, key: str) -> Answer | _Failure:
        """Send *request*, but nothing over a new key before it is certain that it leads to the same account."""
        if request is not WHICH_ACCOUNT:
            async with self._checking:
                obstacle = await self._check(key) if self.key.is_in_doubt(key) else None
            if obstacle:
                return obstacle
        return await self._send(request, key)

    async def _check(self, key: str) -> Answer | _Failure | None:
        """Ask which account *key* leads to; return what stands in the way of an answer."""
        outcome = await self._send(WHICH_ACCOUNT, key)
        if isinstance(outcome, _Failure):
            return replace(outcome, lost=False)
        if outcome.status == HTTPStatus.UNAUTHORIZED:
            return outcome
        if outcome.status == HTTPStatus.FORBIDDEN:
            self.key.trust(key, None)  # it lacks the scope, as it may
        else:
            self.key.check(key, account(outcome.body).id)
        return None

    async def _send(self, request: Request, key: str) -> Answer | _Failure:
        pace = self.paces.of(request.rate)
        try:
            left_at = await pace.take(patience=self._retry.max_seconds)
        except Held as held:
            return _Failure(_SLOW_DOWN, Throttled, asked=held.seconds)
        quota = None
        try:
            request.fence()
            note_request()
            async with self._session.request(
                request.method,
                self._base_url + request.path,
                params=request.query,
                data=_pieces(request.body) if request.body else None,
                headers=_headers(request, key),
                timeout=TIMEOUT,
                allow_redirects=False,
                middlewares=(_once,),
            ) as response:
                quota = Quota.from_headers(response.headers)
                outcome = _judge(response.status, response.headers, await _read(response), key)
        except _Broken as broken:
            return _Failure(f"no answer ({broken})", lost=True)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            was_lost = not _never_left(error)
            what = "no answer" if was_lost else f"no connection to {self._base_url}"
            return _Failure(f"{what} ({type(error).__name__})", lost=was_lost)
        finally:
            pace.answered(left_at, quota)
        if isinstance(outcome, _Failure) and outcome.error is Throttled:
            note_throttled()
            pace.hold(outcome.asked or 1.0)
        return outcome


def _judge(status: int, headers: Mapping[str, str], body: bytes, key: str) -> Answer | _Failure:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _Failure(_SLOW_DOWN, Throttled, asked=_seconds(headers.get("Retry-After")))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        return _Failure(f"status {status}", asked=_seconds(headers.get("Retry-After")), lost=True)
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise ContractBroken(f"Klaviyo sent us elsewhere (status {status}); mend the setting KLAVIYO_BASE_URL.")
    if status not in _CLEAR and not is_document(body):
        return _Failure(_NO_JSON.format(status=status), lost=status < HTTPStatus.MULTIPLE_CHOICES)
    return Answer(status, body, key)


def _give_up(request: Request, failure: _Failure, attempts: int) -> NoReturn:
    message = f"Klaviyo, {request.rate.name}: {failure.why}, given up for now at attempt {attempts}."
    raise failure.error(message, after=failure.asked)


def _is_refused(outcome: Answer | _Failure) -> bool:
    return isinstance(outcome, Answer) and outcome.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


def _refused(status: int, secret_name: str, scopes: str) -> CredentialsRefused:
    if status == HTTPStatus.UNAUTHORIZED:
        return CredentialsRefused(
            f"Klaviyo does not know the key in secret '{secret_name}' (401). Make a private key with the scopes "
            f"{ALL_SCOPES} in Klaviyo's settings and put it into the secret."
        )
    return ScopeMissing(  # Klaviyo's own words do not say which one
        f"Klaviyo refuses this to the key in secret '{secret_name}' (403): it needs {scopes} for that. "
        f"A key cannot be changed; make a new private key with {ALL_SCOPES} and put it into the secret."
    )


def _headers(request: Request, key: str) -> dict[str, str]:
    headers = {"Authorization": f"Klaviyo-API-Key {key}", "revision": REVISION, "Accept": MEDIA_TYPE}
    if request.body:
        headers["Content-Type"] = MEDIA_TYPE
        headers["Content-Length"] = str(sum(map(len, request.body)))
    return headers


async def _once(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Send *request* once: left to itself, aiohttp repeats a GET that an idle connection broke under, without pay."""
    try:
        return await send(request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        if _never_left(error):
            raise
        raise _Broken(type(error).__name__) from error


async def _pieces(body: tuple[bytes, ...]) -> AsyncIterator[memoryview]:
    for part in body:
        view = memoryview(part)
        for start in range(0, len(view), PIECE_BYTES):
            yield view[start : start + PIECE_BYTES]


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for piece in response.content.iter_chunked(PIECE_BYTES):
        body += piece
        if len(body) > MAX_ANSWER_BYTES:
            raise ContractBroken(f"Klaviyo's answer has more than {MAX_ANSWER_BYTES:,} bytes.")
    return bytes(body)


def _seconds(text: str | None) -> float | None:
    """Read Retry-After: whole seconds, at least one, an hour at most; what is no number is no advice."""
    return min(max(1.0, float(text)), LONGEST_ASKED_SECONDS) if text and _NUMBER(text) else None


def _never_left(error: Exception) -> bool:
    """Tell whether the request certainly never reached Klaviyo."""
    return isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)


_SLOW_DOWN = "asked to slow down (429)"
_NO_JSON = (
    "answered something that is not JSON (status {status}; look at its status page and at the setting KLAVIYO_BASE_URL)"
)
_CLEAR = (HTTPStatus.UNAUTHORIZED, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
"""Answers that need no words; anything else that is not JSON is not Klaviyo's, but of a machine before it."""
_NUMBER = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?").fullmatch
