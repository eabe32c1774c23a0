"""Answers that are not Klaviyo's but of a machine before it: a page for people, half an object, nothing at all."""

import pytest

from shared.domain.errors import CredentialsRefused, Unavailable
from tests.adapters.klaviyo.network import Losses, Reply, client_of, get_list, post_import, replying
from tests.fakes.clock import FakeClock

PAGE = Reply(200, b"\n<!DOCTYPE html><html></html>", {"Content-Type": "text/html"})


@pytest.mark.parametrize("page", [PAGE, Reply(202, b""), Reply(200, b"[]"), Reply(200, b'"fine"'), Reply(200, b'{"a')])
async def test_a_page_for_people_is_tried_again_like_a_broken_connection(page: Reply) -> None:
    clock, lost = FakeClock(), Losses()
    async with replying(page, Reply()) as server, client_of(server.base_url, clock=clock) as client:
        found = await client.ask(post_import(b"{}"), on_lost=lost)
    assert (found.body, lost.count, clock.slept) == (Reply().body, 1, [0.5])


@pytest.mark.parametrize("status", [400, 403, 404, 409])
async def test_a_refusal_that_is_not_klaviyos_is_tried_again_and_was_not_carried_out(status: int) -> None:
    clock, lost = FakeClock(), Losses()
    page = Reply(status, PAGE.body)
    async with replying(page, Reply()) as server, client_of(server.base_url, clock=clock) as client:
        found = await client.ask(post_import(b"{}"), on_lost=lost)
    assert (found.body, lost.count, clock.slept) == (Reply().body, 0, [0.5])


@pytest.mark.parametrize("status", [200, 403, 404])
async def test_pages_for_people_only_are_waited_out_with_a_word_on_where_to_look(status: int) -> None:
    async with replying(Reply(status, PAGE.body)) as server, client_of(server.base_url) as client:
        with pytest.raises(Unavailable, match=rf"not JSON \(status {status}; .*status page.*KLAVIYO_BASE_URL"):
            await client.ask(get_list())
    assert len(server.seen) == 6


async def test_a_key_that_is_not_known_needs_no_words() -> None:
    async with replying(Reply(401, b"")) as server, client_of(server.base_url) as client:
        with pytest.raises(CredentialsRefused, match="401"):
            await client.ask(get_list())
    assert len(server.seen) == 1
