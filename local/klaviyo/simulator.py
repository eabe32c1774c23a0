"""The simulator: lets requests in, does what they ask for, and keeps count. It knows nothing of HTTP servers."""

import random
import uuid
from collections.abc import Iterable
from typing import Any

import orjson

from local.klaviyo.account.accounts import Account
from local.klaviyo.account.jobs import Job
from local.klaviyo.account.lots import Lots
from local.klaviyo.clock import MachineClock
from local.klaviyo.http.calls import Answer, Asked, Call, Done, Visit
from local.klaviyo.http.endpoints import Endpoint, find, rate_of
from local.klaviyo.http.entrance import JSON_API, authenticate, check
from local.klaviyo.http.handlers import HANDLERS, IMPORT, prepare_import
from local.klaviyo.http.problems import Refused, throttled, unavailable
from local.klaviyo.rules.behaviour import Behaviour, Fault
from local.klaviyo.rules.limits import Limits
from local.klaviyo.rules.stats import Stats
from local.klaviyo.rules.validation import Import
from shared.ports import Clock


class Simulator:
    """Klaviyo's accounts behind one address; mutable, for one thread."""

    def __init__(
        self,
        accounts: Iterable[Account] | None = None,
        *,
        behaviour: Behaviour | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.accounts = [Account()] if accounts is None else list(accounts)
        self.clock = clock or MachineClock()
        self._first_behaviour = behaviour or Behaviour()
        self.reset()

    def reset(self) -> None:
        """Begin anew: no profiles, no jobs, no request counted, the first behaviour; keys and lists stay."""
        for account in self.accounts:
            account.clear()
        self._limits = Limits()
        self._dice = random.Random(self._first_behaviour.seed)
        self._jobs_started = 0
        self.stats = Stats()
        self._behave(self._first_behaviour)

    def change(self, document: Any) -> None:
        """Behave as at the start but for the settings of *document*; raises `WrongSetting`."""
        self._behave(self._first_behaviour.changed(document))

    def settle(self) -> float:
        """Bring every import job whose time has come to its end; return the time in seconds since 1970."""
        now = self._now()
        for account in self.accounts:
            account.settle(now, lambda job, index: self._lots.names_payload(job.number, index))
        return now

    def admit(self, call: Call) -> Visit:
        """Draw what happens to *call*, and let it in or note why not."""
        try:
            endpoint, identifier = find(call.method, call.path)
        except Refused as refused:
            visit = Visit(call, self._lots.for_request("unknown"), refused=refused)
        else:
            visit = Visit(call, self._lots.for_request(endpoint.name), endpoint, identifier)
            self._let_in(visit, endpoint)
        self.stats.arrived(visit.name, self._now())
        if visit.lot.fault is not Fault.NONE:
            self.stats.faults[visit.lot.fault] += 1
        return visit

    def prepare(self, visit: Visit, body: bytes) -> Import | Refused | None:
        """Read the *body* of an import, which takes long; it changes nothing, so that another thread may do it."""
        if visit.refused or visit.account is None or visit.name != IMPORT:
            return None
        return prepare_import(body, visit.account, self.behaviour)

    def answer(self, visit: Visit, body: bytes = b"", prepared: Import | Refused | None = None) -> Answer:
        """Do what *visit*, with its *body* (*prepared* or not), asks for and return the answer."""
        self.stats.received(visit.name, len(body))
        headers = {"Content-Type": JSON_API}
        try:
            done = self._do(visit, body, prepared)
        except Refused as refused:
            errors = [problem.document(self._uuid(), refused.status) for problem in refused.problems]
            done = Done(refused.status, {"errors": errors})
            headers |= refused.headers
        if visit.quota:
            headers |= visit.quota.headers()
        return Answer(done.status, orjson.dumps(done.document), headers)

    def document(self) -> dict[str, Any]:
        """Return the counts of requests, profiles, jobs and members as JSON has them."""
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
        self._lots = Lots(behaviour)

    def _let_in(self, visit: Visit, endpoint: Endpoint) -> None:
        if visit.lot.fault is Fault.RESET_BEFORE:
            return
        try:
            self._check(visit, endpoint)
        except Refused as refused:
            visit.refused = refused

    def _check(self, visit: Visit, endpoint: Endpoint) -> None:
        call = visit.call
        visit.account, scopes = authenticate(self.accounts, call.headers)
        if self.behaviour.limits:
            windows, rate = rate_of(endpoint, call.query)
            visit.quota = self._limits.take(visit.account.id, windows, rate, self.clock.monotonic())
        if visit.lot.fault is Fault.THROTTLED:
            visit.quota = None  # as with every 429
            raise throttled(self.behaviour.retry_after)
        if visit.lot.fault is Fault.UNAVAILABLE:
            raise unavailable(visit.lot.server_error)
        check(endpoint, scopes, call.headers, call.query)

    def _do(self, visit: Visit, body: bytes, prepared: Import | Refused | None) -> Done:
        if visit.refused:
            raise visit.refused
        if visit.account is None:
            raise RuntimeError("A visit that was not refused has an account.")
        account, now = visit.account, self.settle()

        def start_job(wanted: Import) -> Job:
            return self._start_job(account, wanted, now)

        return HANDLERS[visit.name](
            Asked(visit.call, visit.identifier, body, account, self.behaviour, now, start_job, prepared)
        )

    def _start_job(self, account: Account, wanted: Import, now: float) -> Job:
        self._jobs_started += 1
        number = self._jobs_started
        return account.jobs.start(
            wanted.profiles,
            list_id=wanted.list_id,
            now=now,
            seconds=self.behaviour.job_seconds,
            fate=self._lots.for_job(number),
            number=number,
        )

    def _now(self) -> float:
        return self.clock.now().timestamp()

    def _uuid(self) -> str:
        return str(uuid.UUID(int=self._dice.getrandbits(128), version=4))
