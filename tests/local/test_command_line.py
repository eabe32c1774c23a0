"""``python -m local``: what is chosen, what goes wrong, and how it ends."""

import re
import signal
import subprocess
import sys
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from local.__main__ import COMMANDS, main
from tests.local.lifelines import Lifeline, killed_at_last

ROOT = Path(__file__).parents[2]

SLOW_COMMAND = """
import asyncio, sys
from local.processes import child

LISTENS = "import signal, socket; s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True);" \\
    "c = s.accept(); signal.pause()"

def add_arguments(parser):
    pass

async def run(arguments):
    async with child("It", [sys.executable, "-c", LISTENS]) as listening:
        await listening.wait_for_line("[0-9]")
        print(listening.lines[-1], flush=True)
        await asyncio.Event().wait()
"""

CHATTY_COMMAND = """
def add_arguments(parser):
    pass

async def run(arguments):
    while True:
        print("x" * 1000)
"""

DRIVER = """
import sys
from local import __main__ as line
line.COMMANDS["demo"] = line.Command("made_up_command", "a command", serves=sys.argv[1] == "serves")
sys.exit(line.main(["demo"]))
"""


def start(folder: Path, command: str, *, serves: bool = False) -> AbstractContextManager["subprocess.Popen[str]"]:
    (folder / "made_up_command.py").write_text(command)
    process = subprocess.Popen(
        [sys.executable, "-c", DRIVER, "serves" if serves else "ends"],
        env={"PYTHONPATH": f"{ROOT}:{folder}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    return killed_at_last(process)


@pytest.mark.parametrize(
    ("number", "serves", "code"),
    [
        (signal.SIGINT, False, 130),
        (signal.SIGTERM, False, 143),
        (signal.SIGINT, True, 0),
        (signal.SIGTERM, True, 0),
    ],
)
def test_a_signal_ends_a_command_and_its_children_without_a_traceback(
    tmp_path: Path, number: signal.Signals, serves: bool, code: int
) -> None:
    with start(tmp_path, SLOW_COMMAND, serves=serves) as process:
        assert process.stdout
        assert process.stderr
        port = process.stdout.readline()
        with Lifeline(port) as lifeline:
            process.send_signal(number)
            assert lifeline.is_cut()
        assert process.wait(30) == code
        assert process.stderr.read() == ""


def test_output_that_nobody_reads_any_more_ends_a_command_without_a_traceback(tmp_path: Path) -> None:
    with start(tmp_path, CHATTY_COMMAND) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(30) == 1
        assert process.stderr.read() == ""


def test_a_problem_is_one_sentence_on_standard_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["host"]) == 1
    assert capsys.readouterr().err == f"There is no host.json in {tmp_path}: start the host in the app's folder.\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--rows", "-1"], "--rows must be a whole number from 0 on, not -1."),
        (["--rows", "5", "--bad", "101"], "--bad must be a number of percent from 0 to 100, not 101."),
        (["--rows", "5", "--bad", "-0.5"], "--bad must be a number of percent from 0 to 100, not -0.5."),
        (["--rows", "5", "--bad", "nan"], "--bad must be a number of percent from 0 to 100, not nan."),
        (["--rows", "5", "--duplicates", "1e9"], "--duplicates must be a number of percent from 0 to 100, not 1e+09."),
        (
            ["--rows", "5", "--bad", "60", "--duplicates", "41"],
            "--bad and --duplicates must not be more than 100 percent together.",
        ),
    ],
)
def test_a_sample_segment_with_impossible_numbers_is_refused_in_one_sentence(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["segment", *words]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"{sentence}\n")


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert [name for name in COMMANDS if not re.search(rf"\n    {name}\s", said)] == []


def test_the_help_of_a_command_shows_its_options(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["host", "--help"])
    assert "--real" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["dmeo"]])
def test_no_command_and_an_unknown_one_are_errors_of_usage(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "usage: python -m local" in capsys.readouterr().err
