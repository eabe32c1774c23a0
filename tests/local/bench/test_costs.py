"""What an idle hour asks of Azure, how that is billed, and that the document tells the same."""

from collections import Counter
from datetime import timedelta

import pytest

from local.bench.costs.bill import idle_month
from local.bench.costs.command import EXPORTS
from local.bench.costs.counting import Kind, kind_of
from local.bench.costs.document import markdown
from local.bench.costs.idle_hour import idle_hour
from local.bench.costs.prices import DOCUMENT, Prices
from local.bench.costs.usage import LEAST_BILLED_MS, Usage, billed_ms


@pytest.mark.usefixtures("azurite")  # skips where there is no node
async def test_an_idle_hour_lists_and_reads_and_an_export_costs_two_reads_a_tick() -> None:
    few, many = await idle_hour(1), await idle_hour(4)

    assert few.executions == many.executions == {"tick": 120}
    assert set(+few.requests) == set(+many.requests) == {Kind.LIST, Kind.READ, Kind.WRITE}
    assert few.requests[Kind.WRITE] == many.requests[Kind.WRITE] == 120, "the note on each tick"
    assert many.requests[Kind.READ] - few.requests[Kind.READ] == 3 * 2 * 120
    assert many.requests[Kind.LIST] == few.requests[Kind.LIST]
    # So the hour of the document need not be counted here, which would take three times as long.
    told = Usage(few.requests + Counter({Kind.READ: (EXPORTS - 1) * 2 * 120}), few.executions, few.billed_seconds)
    bill = markdown(idle_month(told, Prices.read()), "a month", "about 16 USD")
    assert f"<!-- idle month -->\n{bill}<!-- /idle month -->" in DOCUMENT.read_text(encoding="utf-8")


@pytest.mark.usefixtures("azurite")  # skips where there is no node
async def test_an_export_that_waits_for_new_data_costs_a_look_each_five_minutes() -> None:
    few, many = await idle_hour(1, waits_for_data=True), await idle_hour(3, waits_for_data=True)

    looks = 11  # from the fifth minute to the 55th
    listings = 5  # the segment, its year, its month, its day and its time
    assert many.requests[Kind.LIST] - few.requests[Kind.LIST] == 2 * listings * looks
    assert many.requests[Kind.WRITE] == few.requests[Kind.WRITE] == 120 + 2 * looks, "the note on each tick and look"
    assert many.requests[Kind.READ] - few.requests[Kind.READ] == 2 * (2 * 120 + looks)


@pytest.mark.parametrize(
    ("took", "billed"), [(0, 1_000), (LEAST_BILLED_MS, 1_000), (1_001, 1_100), (1_100, 1_100), (22_650, 22_700)]
)
def test_a_call_is_billed_by_tenths_and_a_second_at_least(took: int, billed: int) -> None:
    assert billed_ms(took) == billed
    assert timedelta(milliseconds=billed) >= timedelta(milliseconds=took)


@pytest.mark.parametrize(
    ("method", "path", "query", "kind"),
    [
        ("GET", "/devstoreaccount1/exports", {"restype": "container", "comp": "list"}, Kind.LIST),
        ("PUT", "/devstoreaccount1/exports", {"restype": "container"}, Kind.LIST),
        ("GET", "/devstoreaccount1/exports/exports/vip.json", {}, Kind.READ),
        ("PUT", "/devstoreaccount1/exports/exports/vip.json", {}, Kind.WRITE),
        ("PUT", "/devstoreaccount1/exports/audit/2026-11.ndjson", {"comp": "appendblock"}, Kind.WRITE),
        ("PUT", "/devstoreaccount1/exports/a", {"comp": "block", "blockid": "1"}, Kind.WRITE),
        ("PUT", "/devstoreaccount1/exports/a", {"comp": "blocklist"}, Kind.WRITE),
        ("PUT", "/devstoreaccount1/exports/leases/a", {"comp": "lease"}, Kind.OTHER),
        ("HEAD", "/devstoreaccount1/exports/a", {}, Kind.OTHER),
        ("GET", "/devstoreaccount1/exports", {"restype": "container"}, Kind.OTHER),
        ("GET", "/devstoreaccount1/exports/a", {"comp": "blocklist"}, Kind.OTHER),
        ("DELETE", "/devstoreaccount1/exports/a", {}, Kind.FREE),
    ],
)
def test_a_request_is_billed_as_azure_maps_it(method: str, path: str, query: dict[str, str], kind: Kind) -> None:
    assert kind_of(method, path, query) is kind
