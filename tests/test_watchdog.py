"""A worker whose event loop is held ends itself and tells what held it; one that is stopped hears of it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shared.settings import PLATFORM_SETTINGS

ROOT = Path(__file__).parents[1]
WATCHED = """
import asyncio, re, sys, threading, time
from shared.watchdog import watch_over

def hold_asleep():
    time.sleep(60)

def hold_with_lock():
    re.match("(a|a)*b", "a" * 60)

async def main(hold):
    watch_over(asyncio.get_running_loop(), stacks_after=float(sys.argv[2]), ends_after=float(sys.argv[3]))
    await asyncio.sleep(0.05)
    if hold:
        hold()
    await asyncio.sleep(5)

asyncio.run(main(globals().get(sys.argv[1])))
if sys.argv[1] == "go_on":
    time.sleep(5)
print("lived to its end")
"""
OPENED = """
import asyncio, gc, threading
from shared.bootstrap import current_app

async def main():
    for _ in range(2):
        app = await current_app()
    print(sorted(each.name for each in threading.enumerate() if each.name == "watchdog"))
    print("walks through", "little" if len(gc.get_objects()) < gc.get_freeze_count() else "everything")
    await app.close()

if {in_main}:
    asyncio.run(main())
else:
    thread = threading.Thread(target=lambda: asyncio.run(main()))
    thread.start()
    thread.join()
"""
TOLD = """
import asyncio, os, signal, sys
from shared.stop_signal import hear_stop

def before(number, frame):
    print("the listener before", flush=True)
    sys.exit(7)

async def main():
    if sys.argv[1] == "listener":
        signal.signal(signal.SIGTERM, before)
    told = asyncio.Event()
    hear_stop(asyncio.get_running_loop(), told.set, lives_on=0.3)
    os.kill(os.getpid(), signal.SIGTERM)
    await told.wait()
    await asyncio.sleep(0)
    print("told", flush=True)
    if sys.argv[1] == "twice":
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0.05)
        print("still there", flush=True)
    await asyncio.sleep(30)

asyncio.run(main())
"""
STOPPED = """
import asyncio, os, signal
from shared.bootstrap import current_app

async def main():
    app = await current_app()
    os.kill(os.getpid(), signal.SIGTERM)
    await app.resources.stop.until_told()
    print("told")
    await app.close()

asyncio.run(main())
"""


def run(program: str, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if name not in PLATFORM_SETTINGS}
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=ROOT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


@pytest.mark.parametrize("hold", ["hold_asleep", "hold_with_lock"])
def test_a_process_whose_loop_is_held_ends_itself_and_shows_what_held_it(hold: str) -> None:
    ended = run(WATCHED, hold, "60", "1")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("Timeout (0:00:01)!")
    assert f"in {hold}" in ended.stderr
    assert "in watch\n" in ended.stderr  # the stack of every thread


def test_the_stacks_are_written_once_before_the_end() -> None:
    ended = run(WATCHED, "hold_asleep", "0.5", "2")
    early, late = ended.stderr.split("Timeout (0:00:02)!")
    assert early.count("in hold_asleep") == late.count("in hold_asleep") == 1
    assert "The event loop was held for 0.5 seconds; the stacks are in standard error." in early
    assert early.index("in hold_asleep") < early.index("The event loop was held")


@pytest.mark.parametrize("then", ["end", "go_on"])
def test_a_process_whose_loop_turns_or_is_closed_is_left_alone(then: str) -> None:
    ended = run(WATCHED, then, "3.5", "4")  # a busy machine may stall for a second or two
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "lived to its end\n", "")


@pytest.mark.parametrize(
    ("in_main", "environment", "names"),
    [
        (True, {"WEBSITE_SITE_NAME": "func-1"}, ["watchdog"]),
        (False, {"WEBSITE_SITE_NAME": "func-1"}, []),
        (True, {}, []),
    ],
)
def test_one_watchdog_comes_with_the_app_in_azure_and_only_over_the_loop_of_the_worker(
    azurite: str, in_main: bool, environment: dict[str, str], names: list[str]
) -> None:
    app = {
        "AzureWebJobsStorage": azurite,
        "EXPORTS_CONTAINER": "watchdog-exports",
        "KEY_VAULT_URL": "https://kv.vault.azure.net",
    }
    opened = run(OPENED.format(in_main=in_main), **app, **environment)
    assert opened.stdout.splitlines()[0] == f"{names}", opened.stderr


@pytest.mark.parametrize(("in_main", "garbage"), [(True, "little"), (False, "everything")])
def test_a_full_collection_of_garbage_passes_over_what_was_there_when_the_app_was_opened(
    azurite: str, in_main: bool, garbage: str
) -> None:
    opened = run(OPENED.format(in_main=in_main), AzureWebJobsStorage=azurite, EXPORTS_CONTAINER="garbage-exports")
    assert opened.stdout.splitlines()[1] == f"walks through {garbage}", opened.stderr


def test_an_app_hears_of_the_stop_of_its_process(azurite: str) -> None:
    stopped = run(STOPPED, AzureWebJobsStorage=azurite, EXPORTS_CONTAINER="stopped-exports")
    assert stopped.stdout == "told\n", stopped.stderr


@pytest.mark.parametrize(
    ("how", "said", "code"),
    [
        ("plain", "told\n", -signal.SIGTERM),
        ("twice", "told\nstill there\n", -signal.SIGTERM),
        ("listener", "told\nthe listener before\n", 7),
    ],
)
def test_a_process_lives_on_for_a_moment_and_then_ends_as_it_would_have(how: str, said: str, code: int) -> None:
    ended = run(TOLD, how)
    assert (ended.stdout, ended.returncode) == (said, code)
