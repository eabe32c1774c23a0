"""Every call of a sink by its name."""

from shared.adapters.klaviyo.klaviyo_sink import KlaviyoSink
from shared.domain.runs.isolation_budget import IsolationBudget
from shared.domain.runs.receipt_collector import ReceiptCollector
from tests.adapters.klaviyo.imports.batches import batch_of, people


async def call_sink(sink: KlaviyoSink, call: str) -> None:
    """Make the call with this name."""
    match call:
        case "account":
            await sink.account()
        case "list_details":
            await sink.list_details("Y6nRLr")
        case "lists":
            await anext(sink.lists())
        case "live_flows":
            await sink.live_flows("Y6nRLr")
        case "has_scope":
            await sink.has_scope("flows:read")
        case "send":
            await sink.send(
                batch_of(people(1)), list_id="Y6nRLr", budget=IsolationBudget(), collector=ReceiptCollector()
            )
        case "newest_job":
            await sink.newest_job()
        case "jobs":
            await anext(sink.jobs())
        case "job":
            await sink.job("01JOB")
        case _:
            await anext(sink.import_faults("01JOB"))
