"""What a sink makes of answers, page by page, that a simulator would not give."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from shared.adapters.klaviyo.client import paged_collection as collection_module
from shared.adapters.klaviyo.client.klaviyo_answer import KlaviyoAnswer
from shared.adapters.klaviyo.client.klaviyo_client import KlaviyoClient
from shared.adapters.klaviyo.client.klaviyo_request import KlaviyoRequest
from shared.adapters.klaviyo.klaviyo_sink import KlaviyoSink
from shared.domain.errors import ConfigurationError, ContractBroken
from shared.ports import Account, ListInfo
from tests.adapters.klaviyo.calls import call_sink
from tests.adapters.klaviyo.network import Reply, Server, answer, client_of, failure, replying, sink_of


@pytest.fixture
def replies(request: pytest.FixtureRequest) -> tuple[Reply, ...]:
    found: Reply | tuple[Reply, ...] = request.param
    return found if isinstance(found, tuple) else (found,)


@pytest.fixture
async def server(replies: tuple[Reply, ...]) -> AsyncIterator[Server]:
    async with replying(*replies) as server:
        yield server


@pytest.fixture
async def scripted(server: Server) -> AsyncIterator[KlaviyoSink]:
    async with client_of(server.base_url) as client:
        yield sink_of(client)


ACCOUNT = {"type": "account", "id": "AbC123"}


@pytest.mark.parametrize("replies", [answer([ACCOUNT])], indirect=True)
async def test_an_account_without_attributes_has_no_name(scripted: KlaviyoSink) -> None:
    assert await scripted.account() == Account("AbC123", "", is_test=False)


@pytest.mark.parametrize(
    "replies", [answer([]), answer([ACCOUNT, ACCOUNT]), answer([{"id": 7}]), answer([{}])], indirect=True
)
async def test_a_key_without_an_account_of_its_own_breaks_the_contract(scripted: KlaviyoSink) -> None:
    with pytest.raises(ContractBroken, match=r"accounts? to one key"):
        await scripted.account()


@pytest.mark.parametrize("replies", [answer({"type": "list", "id": "Y6nRLr"})], indirect=True)
async def test_another_list_than_the_one_asked_for_does_not_count(scripted: KlaviyoSink) -> None:
    assert await scripted.list_details("Y6nRLr") == ListInfo("Y6nRLr", "", None)
    with pytest.raises(ConfigurationError, match="'y6nrlr'"):
        await scripted.list_details("y6nrlr")


@pytest.mark.parametrize("replies", [failure(400, {})], indirect=True)
async def test_a_list_id_that_klaviyo_cannot_read_is_of_no_list(scripted: KlaviyoSink) -> None:
    with pytest.raises(ConfigurationError, match="'nobody'"):
        await scripted.list_details("nobody")


@pytest.mark.parametrize("replies", [failure(409, {"code": "conflict"})], indirect=True)
@pytest.mark.parametrize(
    "call", ["account", "list_details", "lists", "live_flows", "has_scope", "jobs", "job", "import_faults"]
)
async def test_a_status_that_nobody_foresaw_names_the_call(scripted: KlaviyoSink, call: str) -> None:
    with pytest.raises(ContractBroken, match=r"Klaviyo, [a-z ]+: status 409 \(conflict\)"):
        await call_sink(scripted, call)


@pytest.mark.parametrize("replies", [failure(404, {}), failure(410, {})], indirect=True)
async def test_a_job_that_klaviyo_has_forgotten_is_none_and_has_no_errors(scripted: KlaviyoSink) -> None:
    assert await scripted.job("01JOB") is None
    assert [fault async for fault in scripted.import_faults("01JOB")] == []


@pytest.mark.parametrize("replies", [failure(404, {}), failure(410, {})], indirect=True)
async def test_a_collection_of_jobs_that_is_gone_breaks_the_contract(scripted: KlaviyoSink) -> None:
    with pytest.raises(ContractBroken, match=r"list import jobs: status 4"):
        await call_sink(scripted, "jobs")


def _page(*names: str, follows: str | None) -> Reply:
    errors = [{"type": "import-error", "id": name, "attributes": {"detail": name}} for name in names]
    links: dict[str, Any] = {"next": follows and f"https://a.klaviyo.com/elsewhere?page%5Bcursor%5D={follows}"}
    return answer(errors, links=links)


@pytest.mark.parametrize(
    "replies", [(_page("a", "b", follows="x%2By%3D"), _page(follows="z"), _page("c", follows=None))], indirect=True
)
async def test_pages_are_asked_for_by_the_cursor_and_always_of_klaviyo_itself(
    scripted: KlaviyoSink, server: Server
) -> None:
    faults = [fault.detail async for fault in scripted.import_faults("01/JOB")]
    assert faults == ["a", "b", "c"]
    path = "/api/profile-bulk-import-jobs/01%2FJOB/import-errors?page%5Bsize%5D=100"
    assert [seen.target for seen in server.seen] == [
        path,
        f"{path}&page%5Bcursor%5D=x%2By%3D",
        f"{path}&page%5Bcursor%5D=z",
    ]


@pytest.mark.parametrize("replies", [answer([])], indirect=True)
async def test_jobs_are_asked_for_newest_first_and_a_hundred_at_a_time(scripted: KlaviyoSink, server: Server) -> None:
    assert [page async for page in scripted.jobs()] == [[]]
    assert server.seen[0].target == "/api/profile-bulk-import-jobs?sort=-created_at&page%5Bsize%5D=100"


@pytest.mark.parametrize(
    "replies", [(_page("a", follows="x"), _page("b", follows="y"), _page("c", follows="x"))], indirect=True
)
async def test_pages_that_run_in_a_circle_are_left(scripted: KlaviyoSink, server: Server) -> None:
    read = list[str]()
    with pytest.raises(ContractBroken, match="do not end"):
        read += [fault.detail async for fault in scripted.import_faults("01JOB")]
    assert len(server.seen) == 3


class _Endless(KlaviyoClient):
    """A Klaviyo with one more page behind every page."""

    def __init__(self) -> None:
        self.numbers: Iterator[int] = iter(range(10**9))
        self.asked = 0

    async def ask(self, request: KlaviyoRequest, *, on_lost: Callable[[], object] = lambda: None) -> KlaviyoAnswer:
        self.asked += 1
        return KlaviyoAnswer(200, _page(follows=str(next(self.numbers))).body)


async def test_pages_without_an_end_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collection_module, "MAX_PAGES", 500)
    client = _Endless()
    with pytest.raises(ContractBroken, match="'get import errors' do not end"):
        assert [fault async for fault in sink_of(client).import_faults("01JOB")] == []
    assert client.asked == 500
