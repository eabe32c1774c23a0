"""What can be asked to go wrong, and that it does so again in the same way."""

from collections import Counter
from typing import Any

import pytest

from local.klaviyo.account.jobs import Fate
from local.klaviyo.behaviour.draws import Draws
from local.klaviyo.behaviour.settings import Behaviour, Fault, WrongSetting
from local.klaviyo.http.calls import Call
from local.klaviyo.simulator import Simulator
from tests.fakes.clock import FakeClock
from tests.local.klaviyo.calling import HEADERS, JOBS, Caller, import_body

MIXED = Behaviour(
    seed=7,
    latency=0.1,
    jitter=0.2,
    requests={Fault.UNAVAILABLE: 0.2, Fault.RESET_AFTER: 0.1, Fault.NO_JSON: 0.05},
    jobs={Fate.CANCELLED: 0.3, Fate.ENDLESS: 0.1},
)


def test_the_same_seed_brings_the_same_faults() -> None:
    def drawn(behaviour: Behaviour) -> list[Any]:
        draws = Draws(behaviour)
        return [draws.for_request("get_list") for _ in range(50)] + [draws.for_job(number) for number in range(50)]

    assert drawn(MIXED) == drawn(MIXED)
    assert drawn(MIXED) != drawn(MIXED.changed({"seed": 8}))


def test_the_faults_of_an_endpoint_do_not_depend_on_what_happens_at_others() -> None:
    alone, busy = Draws(MIXED), Draws(MIXED)
    for _ in range(20):
        busy.for_request("get_lists")
        assert busy.for_request("get_list") == alone.for_request("get_list")


def test_faults_come_in_the_shares_that_were_asked_for() -> None:
    draws = Draws(MIXED)
    drawn = [draws.for_request("get_list") for _ in range(2000)]
    counts = Counter(draw.fault for draw in drawn)
    assert 350 < counts[Fault.UNAVAILABLE] < 450
    assert 150 < counts[Fault.RESET_AFTER] < 250
    assert 60 < counts[Fault.NO_JSON] < 140
    assert counts.total() - counts[Fault.NONE] < 800
    assert {draw.server_error for draw in drawn} == {500, 502, 503, 504}
    assert all(0.1 <= draw.wait <= 0.3 for draw in drawn)
    jobs = Counter(draws.for_job(number) for number in range(2000))
    assert 500 < jobs[Fate.CANCELLED] < 700
    assert 150 < jobs[Fate.ENDLESS] < 250


def test_a_script_comes_before_the_shares_and_once() -> None:
    draws = Draws(Behaviour(script=(Fault.SLOW, Fault.NONE, Fault.THROTTLED), job_script=(Fate.VANISHED,)))
    assert [draws.for_request("get_list").fault for _ in range(5)] == ["slow", "none", "throttled", "none", "none"]
    assert [draws.for_job(number) for number in range(2)] == ["vanished", "complete"]


def test_faults_can_be_kept_to_some_endpoints() -> None:
    draws = Draws(Behaviour(script=(Fault.SLOW,), endpoints=frozenset({"get_list"})))
    assert [draws.for_request(name).fault for name in ("get_lists", "get_list", "get_list")] == ["none", "slow", "none"]


def test_a_storm_of_429_says_how_long_to_wait_whatever_the_windows_say() -> None:
    client = Caller(Simulator(behaviour=Behaviour(requests={Fault.THROTTLED: 1.0}, retry_after=7), clock=FakeClock()))
    reply = client.get("/api/lists")
    assert (reply.status, reply.headers["Retry-After"]) == (429, "7")
    assert "RateLimit-Limit" not in reply.headers


def test_an_unavailable_answer_has_done_nothing() -> None:
    client = Caller(Simulator(behaviour=Behaviour(script=(Fault.UNAVAILABLE,)), clock=FakeClock()))
    assert client.post(import_body({"email": "a@b.co"})).status in {500, 502, 503, 504}
    assert client.get(JOBS).document["data"] == []
    assert client.simulator.stats.faults == {"unavailable": 1}


def test_a_reset_before_acceptance_uses_up_nothing() -> None:
    simulator = Simulator(behaviour=Behaviour(script=(Fault.RESET_BEFORE,)), clock=FakeClock())
    simulator.admit(Call("POST", JOBS, {}, HEADERS))
    assert Caller(simulator).get(JOBS).document["data"] == []
    assert Caller(simulator).post(import_body({"email": "a@b.co"})).headers["RateLimit-Remaining"] == "149"


def test_settings_can_be_written_out_and_read_back() -> None:
    written = MIXED.document()
    assert Behaviour().changed(written | {"script": [], "job_script": []}) == MIXED


def test_what_is_not_said_stays_as_it_was_at_the_start() -> None:
    simulator = Simulator(behaviour=Behaviour(limits=False, latency=0.5), clock=FakeClock())
    simulator.change({"latency": 2})
    simulator.change({"jitter": 1})
    assert simulator.behaviour == Behaviour(limits=False, latency=0.5, jitter=1)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "JSON object"),
        ({"latencies": 1}, "There is no setting latencies"),
        ({"latency": -1}, "latency must be a number from 0 on"),
        ({"latency": "1"}, "latency must be a number from 0 on"),
        ({"latency": True}, "latency must be a number from 0 on"),
        ({"seed": 1.5}, "seed must be a whole number"),
        ({"limits": "off"}, "limits must be true or false"),
        ({"requests": {"explode": 0.1}}, "requests must be one of none, unavailable"),
        ({"requests": {"slow": 1.1}}, "requests.slow must be a share"),
        ({"requests": {"slow": 0.6, "unavailable": 0.6}}, "must not be more than 1 together"),
        ({"requests": 0.5}, "requests must be an object"),
        ({"jobs": {"slow": 0.1}}, "jobs must be one of complete, cancelled"),
        ({"script": "slow"}, "script must be a list"),
        ({"script": ["explode"]}, "script must be one of none, unavailable"),
        ({"endpoints": ["get_everything"]}, "endpoints must be one of bulk_import_profiles"),
        ({"errors_without_payload": 2}, "errors_without_payload must be a share"),
        ({"named_rows": "some"}, "named_rows must be one of all, first, none"),
        ({"phone_numbers": "kept"}, "phone_numbers must be one of dropped, refused"),
    ],
)
def test_a_wrong_setting_is_named_with_what_it_can_be(document: Any, words: str) -> None:
    with pytest.raises(WrongSetting, match=words.replace(".", r"\.")):
        Behaviour().changed(document)
