"""Child processes: what they say is heard, and they are gone when nobody wants them any more."""

import asyncio
import os
import signal
import sys
from contextlib import suppress

import pytest

from local.processes import LocalProblem, child
from tests.local.lifelines import Lifeline

LISTENS = """
import os, signal, socket, sys
if "stubborn" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if "parent" in sys.argv and os.fork():
    signal.pause()
server = socket.create_server(("127.0.0.1", 0))
print("port", server.getsockname()[1], flush=True)
connection, _ = server.accept()
signal.pause()
"""
"""A process that holds a connection for as long as it lives."""

HOLDS_A_CHILD = f"""
import asyncio, sys
from local.processes import child
async def main():
    async with child("It", [sys.executable, "-c", {LISTENS!r}, "stubborn"], grace=0.1) as listening:
        await listening.wait_for_line("port")
        print(listening.lines[-1], flush=True)
        await asyncio.Event().wait()
asyncio.run(main())
"""


def python(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", code, *arguments]


@pytest.mark.parametrize("kind", ["plain", "stubborn", "parent"])
async def test_a_child_is_gone_after_its_block_even_if_it_ignores_sigterm_or_has_children_of_its_own(kind: str) -> None:
    async with child("It", python(LISTENS, kind), grace=0.1) as listening:
        lifeline = Lifeline((await listening.wait_for_line(r"port (\d+)"))[1])
    with lifeline:
        assert await asyncio.to_thread(lifeline.is_cut)
    assert listening.exit_code == 128 + (signal.SIGKILL if kind == "stubborn" else signal.SIGTERM)


async def test_a_child_is_gone_when_the_block_raises() -> None:
    with suppress(ZeroDivisionError):
        async with child("It", python(LISTENS)) as listening:
            lifeline = Lifeline((await listening.wait_for_line(r"port (\d+)"))[1])
            raise ZeroDivisionError
    with lifeline:
        assert await asyncio.to_thread(lifeline.is_cut)


async def test_a_child_is_gone_after_its_parent_was_killed() -> None:
    parent = await asyncio.create_subprocess_exec(*python(HOLDS_A_CHILD), stdout=asyncio.subprocess.PIPE)
    assert parent.stdout
    with Lifeline((await parent.stdout.readline()).split()[-1].decode()) as lifeline:
        parent.kill()
        await parent.wait()
        assert await asyncio.to_thread(lifeline.is_cut)


async def test_the_id_of_a_child_is_that_of_the_command_itself() -> None:
    async with child("It", python("import os; print('I am', os.getpid())")) as speaking:
        assert (await speaking.wait_for_line(r"I am (\d+)"))[1] == str(speaking.pid)


async def test_a_line_that_was_said_before_somebody_waited_for_it_is_found() -> None:
    async with child("It", python("print('one'); print('two')")) as speaking:
        await speaking.wait()
        assert (await speaking.wait_for_line("o(.)e"))[1] == "n"


async def test_standard_error_is_heard_as_well_and_every_line_is_handed_on() -> None:
    heard: list[str] = []
    code = "import sys; print('out', flush=True); print('error', file=sys.stderr)"
    async with child("It", python(code), forward=heard.append) as speaking:
        await speaking.wait()
    assert heard == ["out", "error"]


async def test_a_line_of_more_than_a_mebibyte_is_left_out_and_the_rest_is_heard() -> None:
    async with child("It", python("print('x' * 3_000_000); print('after')")) as speaking:
        assert await speaking.wait_for_line("^after$")


async def test_the_exit_code_is_that_of_the_command() -> None:
    async with child("It", python("raise SystemExit(7)")) as ending:
        assert await ending.wait() == 7


async def test_a_child_sees_the_environment_that_it_is_given_and_no_other() -> None:
    code = "import os; print('seen', os.environ.get('GIVEN'), os.environ.get('HOME'))"
    async with child("It", python(code), environment={"GIVEN": "yes"}) as speaking:
        assert await speaking.wait_for_line("seen yes None")


async def test_a_child_that_ends_before_it_is_ready_is_a_problem_that_repeats_its_last_line() -> None:
    with pytest.raises(LocalProblem, match=r"^It ended before it was ready\. It said: no luck$"):
        async with child("It", python("print('hello'); print('no luck')")) as ending:
            await ending.wait_for_line("ready")


async def test_a_child_that_is_not_ready_in_time_is_a_problem() -> None:
    with pytest.raises(LocalProblem, match=r"^It was not ready within 0 seconds\."):
        async with child("It", python(LISTENS)) as listening:
            await listening.wait_for_line("ready", seconds=0)


async def test_a_command_that_does_not_exist_is_a_problem_that_names_it() -> None:
    with pytest.raises(LocalProblem, match=r"^It cannot be started\. It said: /no/such: no such command$"):
        async with child("It", ["/no/such"]):
            pass


async def test_a_signal_to_the_supervisor_reaches_the_command() -> None:
    code = "import signal\nsignal.signal(signal.SIGTERM, lambda *_: exit(9))\nprint('up', flush=True)\nsignal.pause()"
    async with child("It", python(code)) as waiting:
        await waiting.wait_for_line("up")
        os.kill(waiting._process.pid, signal.SIGTERM)
        assert await waiting.wait() == 9
