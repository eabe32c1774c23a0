"""Calls about bulk imports of profiles: sending a batch, and learning what became of its import jobs."""

from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import quote

from shared.adapters.klaviyo.batch_delivery import BatchDelivery
from shared.adapters.klaviyo.client.json_api import resource, resources
from shared.adapters.klaviyo.client.klaviyo_answer import KlaviyoAnswer
from shared.adapters.klaviyo.client.klaviyo_client import KlaviyoClient
from shared.adapters.klaviyo.client.klaviyo_request import KlaviyoRequest
from shared.adapters.klaviyo.client.paged_collection import read_collection
from shared.adapters.klaviyo.client.rates import IMPORT, IMPORT_ERRORS, JOB, JOBS
from shared.adapters.klaviyo.import_body import import_body
from shared.adapters.klaviyo.import_jobs import read_import_fault, read_job_report
from shared.domain.batches.batch import Batch
from shared.domain.runs.isolation_budget import IsolationBudget
from shared.domain.runs.receipt import ImportFault, JobReport, Sent
from shared.domain.runs.receipt_collector import ReceiptCollector

JOBS_PATH = "/api/profile-bulk-import-jobs"
PAGE_SIZE = "100"
"""The most that Klaviyo takes for ``page[size]`` of jobs and of import errors (its OpenAPI, revision 2026-10-15)."""


class ImportCalls:
    """The imports of the account that the key of *client* leads to.

    *check_list* takes the id of a list and raises `UnknownList` when there is none.
    """

    def __init__(self, client: KlaviyoClient, check_list: Callable[[str], Awaitable[object]]) -> None:
        self._client = client
        self._check_list = check_list

    async def send(
        self,
        batch: Batch,
        *,
        list_id: str,
        budget: IsolationBudget,
        collector: ReceiptCollector,
        fence: Callable[[], object],
    ) -> Sent:
        """Hand *batch* to Klaviyo for the list, as the port `Sink` says."""

        async def post(payload: bytes, on_lost: Callable[[], object]) -> KlaviyoAnswer:
            scopes, body = "lists:write and profiles:write", import_body(payload, list_id)
            request = KlaviyoRequest("POST", JOBS_PATH, IMPORT, scopes, body=body, fence=fence)
            return await self._client.ask(request, on_lost=on_lost)

        async def check_list() -> None:
            await self._check_list(list_id)

        return await BatchDelivery(batch, budget, collector, post=post, check_list=check_list).carry_out()

    async def jobs(self) -> AsyncIterator[list[JobReport]]:
        """Yield the account's import jobs, newest first, a page at a time."""
        async for page in read_collection(self._client, _jobs(PAGE_SIZE)):
            yield [read_job_report(item) for item in page]

    async def newest_job(self) -> JobReport | None:
        """Return the account's newest import job, whoever has made it; None when there is none."""
        items, _ = resources((await self._client.ask(_jobs("1"))).expect_success(JOBS).body)
        return read_job_report(items[0]) if items else None

    async def job(self, job_id: str) -> JobReport | None:
        """Return one import job, or None when Klaviyo does not know the job, or no longer."""
        answer = await self._client.ask(KlaviyoRequest("GET", _path(job_id), JOB, "lists:read and profiles:read"))
        if answer.is_of_nothing:
            return None
        return read_job_report(resource(answer.expect_success(JOB).body))

    async def faults(self, job_id: str) -> AsyncIterator[ImportFault]:
        """Yield every row that the job refused; none when Klaviyo has forgotten the job."""
        path, query = f"{_path(job_id)}/import-errors", {"page[size]": PAGE_SIZE}
        request = KlaviyoRequest("GET", path, IMPORT_ERRORS, "profiles:read", query=query)
        async for page in read_collection(self._client, request, when_gone=lambda: None):
            for item in page:
                yield read_import_fault(item)


def _jobs(page_size: str) -> KlaviyoRequest:
    query = {"sort": "-created_at", "page[size]": page_size}
    return KlaviyoRequest("GET", JOBS_PATH, JOBS, "lists:read and profiles:read", query=query)


def _path(job_id: str) -> str:
    return f"{JOBS_PATH}/{quote(job_id, safe='')}"
