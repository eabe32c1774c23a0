"""Who waits for whom depends on the Klaviyo account, whatever connections and keys lead to it."""

import asyncio
from dataclasses import replace

from shared.domain.errors import CredentialsRefused
from shared.domain.runs.run import RunStatus, Tally
from shared.ports import Account
from shared.store.paths import plan_path
from tests.builders import checked, connection_document
from tests.fakes.sink import SECRET, MemorySink
from tests.fakes.sinks import MemorySinks
from tests.store.lines import EXPORTS, OTHER_SECRET, Exporting, exporting, shop, started, waits_for_account


async def test_exports_over_two_accounts_run_side_by_side() -> None:
    world = shop()
    other = MemorySink(world.clock, owner=Account("XyZ789", "Other shop", is_test=False), max_profiles=10)
    world.documents.put(
        "connections/other.json", connection_document(id="other", secret_name=OTHER_SECRET, account_id="XyZ789")
    )
    world.resources = replace(world.resources, sinks=MemorySinks({SECRET: world.sink, OTHER_SECRET: other}))
    first, second = await started(world, "vip", "news")
    leg = await exporting(world, first)
    await world.leg(second)
    assert checked(world.run(second)).status is RunStatus.SUCCEEDED
    assert len(other.emails()) == 20
    assert world.run(first).status is RunStatus.EXPORTING
    await leg.go_on()


async def test_keys_that_may_not_tell_their_account_keep_the_pace_of_their_own() -> None:
    world = shop()
    world.sink.faults.fail("account", error=CredentialsRefused("No scope."), times=100)
    for name, secret in (("acme", SECRET), ("other", OTHER_SECRET)):
        document = connection_document(id=name, secret_name=secret, account_id=None)
        world.documents.put(f"connections/{name}.json", document)
    first, second, third = await started(world, *EXPORTS)
    leg = Exporting(world, first)
    await world.clock.advance(2)
    assert world.leases.is_held(f"accounts/secret-{SECRET}")
    await world.leg(second)
    assert waits_for_account(world, second)
    await world.leg(third)
    assert checked(world.run(third)).status is RunStatus.SUCCEEDED
    await leg.go_on()


async def test_an_odd_name_of_an_account_finds_a_place_of_its_own() -> None:
    world = shop()
    world.sink.owner = Account("../runs/Ä b", "Odd", is_test=False)
    world.documents.put("connections/acme.json", connection_document(account_id=None))
    wake_up = await world.start()
    leg = Exporting(world, wake_up)
    await world.clock.advance(2)
    (name,) = [name for name in world.leases.names() if name.startswith("accounts/")]
    assert name.removeprefix("accounts/").isalnum()
    assert all("../" not in path for path in world.documents.paths())
    await leg.go_on()
    assert world.documents.value(plan_path(wake_up.export_id, wake_up.run_id))["account_id"] == "../runs/Ä b"


async def test_two_runs_that_learn_the_account_of_their_connection_at_the_same_time_both_go_on() -> None:
    world = shop()
    world.documents.put("connections/acme.json", connection_document(account_id=None))
    first, second = await started(world, "vip", "gold")
    await asyncio.gather(world.leg(first), world.leg(second))
    assert waits_for_account(world, second)
    assert world.documents.value("connections/acme.json")["account_id"] == "AbC123"
    await world.go(first, second)
    assert [checked(world.run(each)).tally for each in (first, second)] == [Tally(read=20, accepted=20)] * 2
