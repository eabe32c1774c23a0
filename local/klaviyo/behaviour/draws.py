"""Draws the faults: the same seed and the same order of requests give the same faults."""

import random
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from local.klaviyo.account.jobs import Fate
from local.klaviyo.behaviour.settings import Behaviour, Fault

_Word = TypeVar("_Word", bound=StrEnum)
_SERVER_ERRORS = (500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Draw:
    """The draw for one request: how long the answer takes in seconds, and which fault happens."""

    wait: float = 0.0
    fault: Fault = Fault.NONE
    server_error: int = 503


class Draws:
    """Draws for one behaviour. Mutable. The n-th request of an endpoint always gets the same draw."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._script = deque(behaviour.script)
        self._job_script = deque(behaviour.job_script)
        self._drawn: Counter[str] = Counter()

    def for_request(self, endpoint: str) -> Draw:
        """Draw for the next request of *endpoint*."""
        behaviour = self._behaviour
        self._drawn[endpoint] += 1
        dice = self._dice(endpoint, self._drawn[endpoint])
        wait = behaviour.latency + behaviour.jitter * dice.random()
        if behaviour.endpoints and endpoint not in behaviour.endpoints:
            return Draw(wait)
        fault = self._script.popleft() if self._script else _pick(behaviour.requests, dice.random(), Fault.NONE)
        return Draw(wait, fault, dice.choice(_SERVER_ERRORS))

    def for_job(self, number: int) -> Fate:
        """Draw the end of job *number*."""
        if self._job_script:
            return self._job_script.popleft()
        return _pick(self._behaviour.jobs, self._dice("job", number).random(), Fate.COMPLETE)

    def names_payload(self, number: int, index: int) -> bool:
        """Draw whether the error of profile *index* of job *number* names the profile."""
        return self._dice(f"error {index}", number).random() >= self._behaviour.errors_without_payload

    def _dice(self, about: str, number: int) -> random.Random:
        return random.Random(f"{self._behaviour.seed} {about} {number}")


def _pick(shares: Mapping[_Word, float], drawn: float, otherwise: _Word) -> _Word:
    for word, share in shares.items():
        drawn -= share
        if drawn < 0:
            return word
    return otherwise
