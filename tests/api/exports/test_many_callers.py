"""Many who ask for a list at the same time cost the storage what one costs, and nobody sees what is another's."""

import asyncio

import pytest

from tests.api.calling import ADMIN, CONTRIBUTOR, Api, entra

LISTS = ("exports", "segments?columns=true", "runs")


def reads(api: Api) -> int:
    faults = (api.world.documents.faults, api.world.segments.faults)
    return sum(count for each in faults for count in each.calls.values())


@pytest.mark.parametrize("address", LISTS)
async def test_fifty_who_ask_for_a_list_cost_what_one_costs(address: str) -> None:
    api = Api()
    await api.world.whole_run()
    before = reads(api)
    alone = await api.get(address)
    cost = reads(api) - before
    assert cost > 0
    together = await asyncio.gather(*(api.get(address) for _ in range(50)))
    assert {reply.text for reply in together} == {alone.text}
    assert reads(api) - before == 2 * cost


async def test_callers_with_different_rights_do_not_share_an_answer() -> None:
    api = entra()
    replies = await asyncio.gather(*(api.get("exports", role=role) for role in (ADMIN, CONTRIBUTOR, ADMIN)))
    mays = [reply.json["exports"][0]["may"] for reply in replies]
    assert mays[0] == mays[2]
    assert "remove" in mays[0]
    api.world.documents.put("connections/acme.json", {**_connection(api), "shared_with": "administrators"})
    replies = await asyncio.gather(*(api.get("exports", role=role) for role in (ADMIN, CONTRIBUTOR)))
    assert ["run" in reply.json["exports"][0]["may"] for reply in replies] == [True, False]


def _connection(api: Api) -> dict[str, object]:
    return dict(api.world.documents.value("connections/acme.json"))


async def test_another_page_is_another_question() -> None:
    api = Api()
    api.world.put_export(id="zoo")
    first, both = await asyncio.gather(api.get("exports?limit=1"), api.get("exports"))
    assert [len(reply.json["exports"]) for reply in (first, both)] == [1, 2]
