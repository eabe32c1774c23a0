"""``python -m local klaviyo`` as a process of its own."""

import argparse
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import orjson
import pytest

from local.klaviyo import command

ROOT = Path(__file__).parents[3]


@contextmanager
def running(*arguments: str) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "local", "klaviyo", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def first_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline().strip()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_and_ends_cleanly_when_told_to(number: signal.Signals) -> None:
    arguments = ("--no-limits", "--counts-only", "--job-seconds", "0.5", "--list", "AAAAAA=Summer sale")
    with running("--port", "0", *arguments) as process:
        base_url = first_line(process)
        with urlopen(f"{base_url}/simulator/stats", timeout=10) as answer:  # noqa: S310 (our own, on this machine)
            stats = orjson.loads(answer.read())
        assert stats["accounts"]["SiMuLa"]["lists"] == {"Y6nRLr": 0, "AAAAAA": 0}
        assert stats["processor_seconds"] > 0
        process.send_signal(number)
        output, errors = process.communicate(timeout=10)
        assert (process.returncode, output, errors) == (0, "", "")


def test_one_more_account_has_its_own_key_and_lists() -> None:
    with running("--port", "0", "--account", "SeCoNd=pk_second", "--account", "ThIrDx=pk_third") as process:
        base_url = first_line(process)
        with urlopen(f"{base_url}/simulator/stats", timeout=10) as answer:  # noqa: S310 (our own, on this machine)
            accounts = orjson.loads(answer.read())["accounts"]
        assert {name: account["lists"] for name, account in accounts.items()} == {
            "SiMuLa": {"Y6nRLr": 0},
            "SeCoNd": {},
            "ThIrDx": {},
        }
        headers = {"Authorization": "Klaviyo-API-Key pk_third", "revision": "2026-10-15"}
        with urlopen(Request(f"{base_url}/api/accounts", headers=headers), timeout=10) as answer:  # noqa: S310 (as above)
            assert orjson.loads(answer.read())["data"][0]["id"] == "ThIrDx"


def test_a_key_with_few_scopes_and_a_live_flow_can_be_asked_for() -> None:
    with running("--port", "0", "--scopes", "flows:read,lists:read", "--flow", "Y6nRLr=Welcome series") as process:
        base_url = first_line(process)
        headers = {"Authorization": "Klaviyo-API-Key pk_simulator", "revision": "2026-10-15"}
        flows = f"{base_url}/api/lists/Y6nRLr/flow-triggers"
        with urlopen(Request(flows, headers=headers), timeout=10) as answer:  # noqa: S310 (our own, on this machine)
            [flow] = orjson.loads(answer.read())["data"]
        assert (flow["attributes"]["name"], flow["attributes"]["status"]) == ("Welcome series", "live")
        with pytest.raises(HTTPError, match="403"):
            urlopen(Request(f"{base_url}/api/accounts", headers=headers), timeout=10)  # noqa: S310 (as above)


def test_a_flow_on_a_list_that_there_is_not_is_one_clear_sentence() -> None:
    with running("--port", "0", "--flow", "NoSuch=Welcome") as process:
        output, errors = process.communicate(timeout=20)
    assert (process.returncode, output) == (1, "")
    assert errors == "--flow names list 'NoSuch', which does not exist; add the list with --list.\n"


@pytest.mark.parametrize("arguments", [["--flow", "Y6nRLr"], ["--flow", "=x"], ["--scopes", "lists:reads"]])
def test_a_flow_or_a_scope_that_is_none_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(arguments)
    assert "there is no scope 'lists:reads'; there are" in (said := capsys.readouterr().err) or "such as" in said


@pytest.mark.parametrize("account", ["pk_alone", "SeCoNd=", "=pk_second"])
def test_an_account_without_id_or_key_is_refused_and_its_key_not_shown(
    account: str, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(["--account", account])
    said = capsys.readouterr().err
    assert "such as AbC123=pk_other" in said
    assert account.strip("=") not in said


def test_a_port_in_use_is_one_clear_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with running("--port", str(port)) as process:
            output, errors = process.communicate(timeout=20)
    assert (process.returncode, output) == (1, "")
    assert errors == f"Port {port} cannot be used (Address already in use): choose another with --port.\n"


def test_a_fault_that_there_is_not_is_one_clear_sentence() -> None:
    with running("--port", "0", "--faults", '{"requests": {"explode": 1}}') as process:
        output, errors = process.communicate(timeout=20)
    assert (process.returncode, output) == (1, "")
    assert errors.startswith("--faults or --seed cannot be used: requests must be one of none, unavailable")
    assert errors.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "65536"],
        ["--port", "-1"],
        ["--port", "x"],
        ["--latency", "-1"],
        ["--latency", "nan"],
        ["--job-seconds", "x"],
    ],
)
def test_a_number_that_is_none_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(arguments)
    assert arguments[0] in capsys.readouterr().err
