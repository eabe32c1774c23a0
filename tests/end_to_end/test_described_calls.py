"""Every call of the description against the functions host: what comes back is what is described, whatever is sent."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import ignored_auth, negative_data_rejection, positive_data_acceptance

from local.openapi import DESCRIPTION
from shared.api.routes import ROUTES
from tests.builders import people
from tests.end_to_end.grounds import ADDRESSES, BODIES, CHANGING, KEY, Grounds, grounds

EXAMPLES = 10
SLOW = {"test_connection": 2, "preview_export": 2}
"""Fewer examples for what asks Klaviyo for its account, which it answers once a second and the app keeps to."""
SECONDS = 60.0
PEOPLE = [row["EMail"] for row in people(3)]
"""Who is in the seeds. (A field that is sent in and unknown is named in the answer, whatever it is called.)"""

AnyCase = Case[Any]
Operation = APIOperation[Any, Any, Any, Any]


class Walk:
    """Sends what Schemathesis makes up for each call, and counts what comes back; mutable."""

    def __init__(self, there: Grounds, loop: asyncio.AbstractEventLoop) -> None:
        self.statuses: dict[str, Counter[int]] = {}
        self.answers: list[str] = []
        self._there = there
        self._loop = loop

    def all(self) -> None:
        """Make every call, with what is described and with what is not, about what is there and about anything."""
        for operation in sorted(_operations(), key=lambda each: _name(each) not in SLOW):  # before runs ask, too
            self.statuses[_name(operation)] = Counter()
            self._about_what_is_there(operation)
            self._about_anything(operation, GenerationMode.POSITIVE)
            if operation.path_parameters or operation.query or operation.headers or operation.body:
                self._about_anything(operation, GenerationMode.NEGATIVE)

    def _about_what_is_there(self, operation: Operation) -> None:
        @_search(SLOW.get(_name(operation), EXAMPLES))
        @given(operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
        def ask(case: AnyCase) -> None:
            if _name(operation) in CHANGING:
                asyncio.run_coroutine_threadsafe(self._there.seed(), self._loop).result(SECONDS)
            case.path_parameters = {name: ADDRESSES[operation.method, name] for name in case.path_parameters or {}}
            for name in ("If-Match", "If-None-Match"):
                if case.headers:
                    case.headers.pop(name, None)
            if change := BODIES.get(_name(operation)):
                case.body = change(case.body)
            self._send(case)

        ask()

    def _about_anything(self, operation: Operation, mode: GenerationMode) -> None:
        @_search(EXAMPLES)
        @given(operation.as_strategy(generation_mode=mode))
        def ask(case: AnyCase) -> None:
            self._send(case)

        ask()

    def _send(self, case: AnyCase) -> None:
        answer = case.call(base_url=f"{self._there.url}/api", timeout=SECONDS)
        self.statuses[_name(case.operation)][answer.status_code] += 1
        if answer.status_code >= 400:
            self.answers.append(answer.text)
        # Keys are the Functions host's to ask for, in Azure. A schema can tell neither every rule of a document, nor
        # which key was used before; and what is only shown may be sent back, and is passed over.
        left_out = [ignored_auth]
        if _name(case.operation) in BODIES or answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
            left_out.append(positive_data_acceptance)
        if case.method.upper() == "PUT":
            left_out.append(negative_data_rejection)
        case.validate_response(answer, excluded_checks=left_out)


async def test_whatever_is_sent_to_any_call_is_answered_as_described(azurite: str) -> None:
    async with grounds(azurite) as there:
        walk = Walk(there, asyncio.get_running_loop())
        await asyncio.to_thread(walk.all)
        log, stored = "\n".join(there.log), await there.stored()
    assert len(walk.statuses) == len(ROUTES) + 1, "every call of the table, and the one for health"
    assert {
        name: counts for name, counts in walk.statuses.items() if not any(200 <= each < 300 for each in counts)
    } == {}
    assert KEY not in log + "".join(walk.answers)
    assert KEY.encode() not in stored
    assert re.findall(r"(?s).{0,200}Traceback.{0,4000}", log) == []
    assert "@example.com" not in log
    assert not any(email in answer for email in PEOPLE for answer in walk.answers)


def _operations() -> Iterator[Operation]:
    for found in schemathesis.openapi.from_dict(json.loads(DESCRIPTION.read_text())).get_all_operations():
        assert isinstance(found, Ok)
        yield found.ok()


def _search(examples: int) -> settings:
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def _name(operation: Operation) -> str:
    return str(operation.definition.raw["operationId"])
