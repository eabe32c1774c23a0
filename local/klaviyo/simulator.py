"""The simulator: admits requests, answers them and counts them, without an HTTP server."""

import random
import uuid
from collections.abc import Iterable
from typing import Any

import orjson

from local.clock import SystemClock
from local.klaviyo.account.accounts import Account
from local.klaviyo.account.jobs import Job
from local.klaviyo.behaviour.draws import Draws
from local.klaviyo.behaviour.settings import Behaviour, Fault
from local.klaviyo.http.access import JSON_API, authenticate, check
from local.klaviyo.http.calls import AdmittedCall, Answer, Call, HandlerResult, PendingCall
from local.klaviyo.http.endpoints import Endpoint, find, rate_of
from local.klaviyo.http.handlers import HANDLERS, IMPORT, prepare_import
from local.klaviyo.http.problems import Refused, throttled, unavailable
from local.klaviyo.rules.import_body import Import
from local.klaviyo.rules.rate_limits import RateLimits
from local.klaviyo.stats import Stats
from shared.ports import Clock


class Simulator:
    """Klaviyo's accounts behind one address. Mutable, for one thread."""

    def __init__(
        self,
        accounts: Iterable[Account] | None = None,
        *,
        behaviour: Behaviour | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.accounts = [Account()] if accounts is None else list(accounts)
        self.clock = clock or SystemClock()
        self._first_behaviour = behaviour or Behaviour()
        self.reset()

    def reset(self) -> None:
        """Forget all profiles, jobs and counts, and return to the first behaviour; keys and lists stay."""
        for account in self.accounts:
            account.clear()
        self._limits = RateLimits()
        self._dice = random.Random(self._first_behaviour.seed)
        self._jobs_started = 0
        self.stats = Stats()
        self._behave(self._first_behaviour)

    def change(self, document: Any) -> None:
        """Take the first behaviour with the settings of *document*; raises `WrongSetting`."""
        self._behave(self._first_behaviour.changed(document))

    def settle(self) -> float:
        """End every import job that is due; return the time in seconds since 1970."""
        now = self._now()
        for account in self.accounts:
            account.settle(now, lambda job, index: self._draws.names_payload(job.number, index))
        return now

    def admit(self, call: Call) -> PendingCall:
        """Draw the fault of *call*; admit the call, or note the refusal."""
        try:
            endpoint, identifier = find(call.method, call.path)
        except Refused as refused:
            pending = PendingCall(call, self._draws.for_request("unknown"), refused=refused)
        else:
            pending = PendingCall(call, self._draws.for_request(endpoint.name), endpoint, identifier)
            self._admit(pending, endpoint)
        self.stats.arrived(pending.name, self._now())
        if pending.draw.fault is not Fault.NONE:
            self.stats.faults[pending.draw.fault] += 1
        return pending

    def prepare(self, pending: PendingCall, body: bytes) -> Import | Refused | None:
        """Read the *body* of an import, which takes long; nothing changes, so another thread may do this."""
        if pending.refused or pending.account is None or pending.name != IMPORT:
            return None
        return prepare_import(body, pending.account, self.behaviour)

    def answer(self, pending: PendingCall, body: bytes = b"", prepared: Import | Refused | None = None) -> Answer:
        """Carry out *pending* with its *body* and return the answer; *prepared* is the result of `prepare`, if any."""
        self.stats.received(pending.name, len(body))
        headers = {"Content-Type": JSON_API}
        try:
            result = self._do(pending, body, prepared)
        except Refused as refused:
            errors = [problem.document(self._uuid(), refused.status) for problem in refused.problems]
            result = HandlerResult(refused.status, {"errors": errors})
            headers |= refused.headers
        if pending.quota:
            headers |= pending.quota.headers()
        return Answer(result.status, orjson.dumps(result.document), headers)

    def document(self) -> dict[str, Any]:
        """Return the counts of requests, profiles, jobs and members as a JSON object."""
        now = self.settle()
        return {
            **self.stats.document(),
            "profiles_taken": sum(job.total for account in self.accounts for job in account.jobs.all),
            "accounts": {
                account.id: {
                    "profiles": len(account.profiles),
                    "jobs": dict(account.jobs.counts(now)),
                    "lists": {each.id: len(each) for each in account.lists.values()},
                }
                for account in self.accounts
            },
        }

    def _behave(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self._draws = Draws(behaviour)

    def _admit(self, pending: PendingCall, endpoint: Endpoint) -> None:
        if pending.draw.fault is Fault.RESET_BEFORE:
            return
        try:
            self._check(pending, endpoint)
        except Refused as refused:
            pending.refused = refused

    def _check(self, pending: PendingCall, endpoint: Endpoint) -> None:
        call = pending.call
        pending.account, scopes = authenticate(self.accounts, call.headers)
        if self.behaviour.limits:
            windows, rate = rate_of(endpoint, call.query)
            pending.quota = self._limits.take(pending.account.id, windows, rate, self.clock.monotonic())
        if pending.draw.fault is Fault.THROTTLED:
            pending.quota = None  # like every other 429, this one has no quota headers
            raise throttled(self.behaviour.retry_after)
        if pending.draw.fault is Fault.UNAVAILABLE:
            raise unavailable(pending.draw.server_error)
        check(endpoint, scopes, call.headers, call.query)

    def _do(self, pending: PendingCall, body: bytes, prepared: Import | Refused | None) -> HandlerResult:
        if pending.refused:
            raise pending.refused
        if pending.account is None:
            raise RuntimeError("A call that was not refused has an account.")
        account, now = pending.account, self.settle()

        def start_job(wanted: Import) -> Job:
            return self._start_job(account, wanted, now)

        return HANDLERS[pending.name](
            AdmittedCall(pending.call, pending.identifier, body, account, self.behaviour, now, start_job, prepared)
        )

    def _start_job(self, account: Account, wanted: Import, now: float) -> Job:
        self._jobs_started += 1
        number = self._jobs_started
        return account.jobs.start(
            wanted.profiles,
            list_id=wanted.list_id,
            now=now,
            seconds=self.behaviour.job_seconds,
            fate=self._draws.for_job(number),
            number=number,
        )

    def _now(self) -> float:
        return self.clock.now().timestamp()

    def _uuid(self) -> str:
        return str(uuid.UUID(int=self._dice.getrandbits(128), version=4))
