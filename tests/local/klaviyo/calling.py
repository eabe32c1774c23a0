"""Calls the simulator as a client would, without a server."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from local.klaviyo.behaviour.settings import Behaviour
from local.klaviyo.http.calls import Call
from local.klaviyo.simulator import Simulator
from tests.fakes.clock import FakeClock

JOBS = "/api/profile-bulk-import-jobs"
LIST = "Y6nRLr"
HEADERS = {
    "authorization": "Klaviyo-API-Key pk_simulator",
    "revision": "2026-10-15",
    "content-type": "application/vnd.api+json",
}


@dataclass(frozen=True)
class Reply:
    status: int
    document: Any
    headers: Mapping[str, str]

    @property
    def error(self) -> Any:
        """The first error of the body."""
        return self.document["errors"][0]

    @property
    def pointers(self) -> list[str]:
        return [error["source"]["pointer"] for error in self.document["errors"]]


def import_body(*profiles: Any, list_id: str | None = LIST) -> dict[str, Any]:
    """Return the body of an import of profiles, given by their attributes."""
    data: dict[str, Any] = {
        "type": "profile-bulk-import-job",
        "attributes": {"profiles": {"data": [{"type": "profile", "attributes": each} for each in profiles]}},
    }
    if list_id is not None:
        data["relationships"] = {"lists": {"data": [{"type": "list", "id": list_id}]}}
    return {"data": data}


class Caller:
    def __init__(self, simulator: Simulator, headers: Mapping[str, str] = HEADERS) -> None:
        self.simulator = simulator
        self.headers = dict(headers)

    def call(self, method: str, path: str, query: Mapping[str, str] | None = None, body: bytes = b"") -> Reply:
        pending = self.simulator.admit(Call(method, path, query or {}, self.headers, "http://simulated"))
        answer = self.simulator.answer(pending, body)
        return Reply(answer.status, orjson.loads(answer.body), answer.headers)

    def get(self, path: str, **query: str) -> Reply:
        return self.call("GET", path, {_parameter(name): value for name, value in query.items()})

    def post(self, body: Any) -> Reply:
        return self.call("POST", JOBS, body=body if isinstance(body, bytes) else orjson.dumps(body))

    def take(self, *profiles: Any, list_id: str | None = LIST) -> str:
        """Import profiles that the simulator must accept; the id of the job."""
        reply = self.post(import_body(*profiles, list_id=list_id))
        assert reply.status == 202, reply.document
        job_id: str = reply.document["data"]["id"]
        return job_id

    def job(self, job_id: str) -> Any:
        return self.get(f"{JOBS}/{job_id}").document["data"]["attributes"]


def _parameter(name: str) -> str:
    """``page_size`` stands for ``page[size]``, ``fields_profile`` for ``fields[profile]``."""
    outer, has_inner, inner = name.partition("_")
    return f"{outer.replace('more', 'additional-fields')}[{inner.replace('_', '-')}]" if has_inner else name


def caller(clock: FakeClock | None = None, **settings: Any) -> Caller:
    """Return a caller of a simulator that behaves by *settings*."""
    return Caller(Simulator(behaviour=Behaviour(**settings), clock=clock or FakeClock()))
