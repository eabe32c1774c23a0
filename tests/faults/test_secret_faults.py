"""Keys and the vault that holds them may do anything: the run goes on, waits, or ends with what to do."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import pytest

from local.klaviyo.account.accounts import Account
from local.klaviyo.account.lists import ProfileList
from local.vault import Vault, vault
from shared.adapters.azure.secrets import KeyVaultSecrets
from shared.adapters.event_log import EventLog
from shared.domain.runs.run import Run, RunStatus
from shared.ports import Secrets
from tests.builders import checked
from tests.contracts.key_vault import client_of
from tests.fakes.sink import LIST, SECRET
from tests.faults.real_klaviyo import ACCOUNT, KEY, KlaviyoWorld, ended_well, good, klaviyo_world, rows

PEOPLE = good(95)
SEGMENT = {"vip/1.ndjson": rows(PEOPLE)}
WORKING = ["lists:read", "lists:write", "profiles:read", "profiles:write"]
SCOPES = ["accounts:read", *WORKING]
NEW_KEY = "pk_put_in_its_place"


class Unhurried:
    """The `Secrets` port over another one, under whose calls the virtual time stands still, as TLS takes its turns."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    async def get(self, name: str, *, fresh: bool = False) -> str:
        loop, is_over = asyncio.get_running_loop(), asyncio.Event()

        def stay_busy() -> None:
            if not is_over.is_set():
                loop.call_soon(stay_busy)

        stay_busy()
        try:
            return await self._secrets.get(name, fresh=fresh)
        finally:
            is_over.set()

    async def expires(self, name: str) -> datetime | None:
        return await self._secrets.expires(name)

    async def put(self, name: str, value: str) -> None:
        await self._secrets.put(name, value)


@asynccontextmanager
async def locked_world(**behaviour: Any) -> AsyncIterator[tuple[KlaviyoWorld, Vault]]:
    """Open a world whose key lies in a vault; beside our account there is another one."""
    ours = Account(ACCOUNT, keys={KEY: SCOPES}, lists=[ProfileList(LIST, "VIP newsletter")])
    other = Account("DeF456", keys={"pk_other": SCOPES}, lists=[ProfileList(LIST, "A list of others")])
    async with (
        vault({SECRET: KEY}) as opened,
        client_of(opened) as client,
        klaviyo_world(
            SEGMENT,
            secrets=Unhurried(KeyVaultSecrets(client, events=EventLog())),
            accounts=[ours, other],
            behaviour={"latency": 1.0, **behaviour},
        ) as world,
    ):
        yield world, opened


def failed(run: Run, *words: str) -> Run:
    """Return *run* when it has failed with a sentence that has all these words, and no key."""
    assert run.status is RunStatus.FAILED, run
    assert run.ending
    assert [word for word in words if word not in run.ending.detail] == [], run.ending.detail
    assert "pk_" not in str(run.document())
    return checked(run)


def exchange(world: KlaviyoWorld, opened: Vault, *, scopes: list[str] | None = None) -> None:
    """Let another key be the only one of our account, and lie in the vault."""
    world.simulator.accounts[0].replace_keys({NEW_KEY: SCOPES if scopes is None else scopes})
    opened.set(SECRET, NEW_KEY)


@pytest.mark.parametrize("scopes", [SCOPES, WORKING])
async def test_a_key_that_is_exchanged_in_the_middle_of_a_run_needs_no_restart(scopes: list[str]) -> None:
    async with locked_world() as (world, opened):
        run = await world.until(
            await world.start(), lambda: len(world.jobs()) == 1, lambda: exchange(world, opened, scopes=scopes)
        )
        ended_well(run, world, PEOPLE)
        assert world.answers()["401"] >= 1
    assert (run.legs, run.pauses) == (1, 0)


async def test_a_key_that_is_exchanged_while_the_run_settles_needs_no_restart() -> None:
    async with locked_world(job_seconds=300.0) as (world, opened):
        run = await world.until(await world.start(), lambda: len(world.jobs()) == 10, lambda: exchange(world, opened))
        ended_well(run, world, PEOPLE)


async def test_a_key_of_another_account_ends_the_run_before_anything_goes_there() -> None:
    async with locked_world() as (world, opened):

        def mix_up() -> None:
            world.simulator.accounts[0].replace_keys({})
            opened.set(SECRET, "pk_other")

        run = await world.until(await world.start(), lambda: len(world.jobs()) == 1, mix_up)
        failed(
            run,
            f"secret '{SECRET}' leads to the Klaviyo account DeF456",
            f"the connection is for {ACCOUNT}",
            "Put a key of that",
        )
        assert world.simulator.accounts[1].jobs.all == []
        assert run.tally.read == run.tally.unconfirmed > 0


async def test_a_key_of_another_account_does_not_pass_judgement_on_the_jobs_of_ours() -> None:
    async with locked_world(job_seconds=300.0) as (world, opened):

        def mix_up() -> None:
            world.simulator.accounts[0].replace_keys({})
            opened.set(SECRET, "pk_other")
            world.move()

        run = await world.until(await world.start(), lambda: bool(world.all_runs()[0].waiting), mix_up)
        assert {line["status"] for line in world.unconfirmed(run)} == {"not settled in time"}
    failed(run, f"secret '{SECRET}' leads to the Klaviyo account DeF456", f"the connection is for {ACCOUNT}")


async def test_a_key_that_is_revoked_and_not_replaced_ends_the_run_with_what_to_do() -> None:
    async with locked_world() as (world, _opened):
        revoke = lambda: world.simulator.accounts[0].replace_keys({})  # noqa: E731 - said in one line
        run = await world.until(await world.start(), lambda: len(world.jobs()) == 1, revoke)
    failed(run, f"does not know the key in secret '{SECRET}' (401)", "Make a private key with the scopes")


@pytest.mark.parametrize(
    ("scopes", "lacks"),
    [
        (["accounts:read", "lists:read", "profiles:read"], "it needs lists:write and profiles:write"),
        (["accounts:read", "lists:write", "profiles:read", "profiles:write"], "it needs lists:read"),
    ],
)
async def test_a_key_without_the_scopes_ends_the_run_and_names_them(scopes: list[str], lacks: str) -> None:
    async with locked_world() as (world, _opened):
        world.simulator.accounts[0].replace_keys({KEY: scopes})
        run = await world.run_through()
        assert world.jobs() == []
    failed(run, f"the key in secret '{SECRET}' (403)", lacks, "make a new private key")


def lose(opened: Vault) -> None:
    opened.held.clear()


def disable(opened: Vault) -> None:
    opened.disable(SECRET)


def garble(opened: Vault) -> None:
    opened.set(SECRET, "Klaviyo key: pk_hidden")


def empty(opened: Vault) -> None:
    opened.set(SECRET, "  ")


def refuse(opened: Vault) -> None:
    opened.fail_next(403, times=10, code="ForbiddenByRbac")


@pytest.mark.parametrize(
    ("break_it", "words"),
    [
        (lose, (f"Secret '{SECRET}'", "must be there and enabled")),
        (disable, (f"Secret '{SECRET}'", "must be there and enabled")),
        (garble, (f"Secret '{SECRET}'", "hold Klaviyo's private key and nothing else")),
        (empty, (f"Secret '{SECRET}'", "hold Klaviyo's private key and nothing else")),
        (refuse, (f"refused to give secret '{SECRET}'", "the role 'Key Vault Secrets User'")),
    ],
)
async def test_a_secret_that_cannot_be_had_ends_the_run_with_what_to_do(
    break_it: Callable[[Vault], None], words: tuple[str, ...]
) -> None:
    async with locked_world() as (world, opened):
        break_it(opened)
        run = await world.run_through()
        assert world.jobs() == []
    failed(run, *words)


@pytest.mark.parametrize(("status", "retry_after"), [(429, 90), (503, None), (500, None)])
async def test_a_vault_that_asks_for_patience_is_waited_for(status: int, retry_after: int | None) -> None:
    async with locked_world() as (world, opened):
        opened.fail_next(status, times=3, retry_after=retry_after)
        began = world.clock.now()
        run = ended_well(await world.run_through(), world, PEOPLE)
        assert (world.clock.now() - began).total_seconds() >= 3 * 60
    assert run.legs == 4


async def test_a_vault_that_is_away_when_the_key_is_exchanged_is_waited_for() -> None:
    async with locked_world() as (world, opened):

        def exchange_in_a_storm() -> None:
            exchange(world, opened)
            opened.fail_next(503, times=30)

        run = await world.until(await world.start(), lambda: len(world.jobs()) == 1, exchange_in_a_storm)
        ended_well(run, world, PEOPLE)
    assert run.legs > 1


async def test_a_key_that_is_revoked_while_the_run_settles_leaves_its_rows_unconfirmed_and_says_why() -> None:
    async with locked_world(job_seconds=300.0) as (world, _opened):
        revoke = lambda: world.simulator.accounts[0].replace_keys({})  # noqa: E731 - said in one line
        run = await world.until(await world.start(), lambda: len(world.jobs()) == 10, revoke)
        assert sum(line["profiles"] for line in world.unconfirmed(run)) == len(PEOPLE)
    failed(run, f"does not know the key in secret '{SECRET}' (401)")
    assert run.tally.unconfirmed == len(PEOPLE)
