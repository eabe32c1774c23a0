"""``python -m local conformance``: compares a functions host with what was seen of a real one."""

import argparse
import asyncio
from urllib.parse import urlsplit

from local.conformance.table import TABLE, cases
from local.processes import LocalProblem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.description = (
        "Play the requests of tests/local/real_host.json against a functions host that runs the app in "
        "local/conformance/probe ('func start' in that folder, or an app in Azure), and compare the answers."
    )
    parser.add_argument("url", metavar="URL", help="the address of the host, such as http://localhost:7071")
    parser.add_argument("--key", default="", help="a function key; without it the rows that need one are left out")
    parser.add_argument("--master", default="", help="the master key; without it the rows that need it are left out")


async def run(arguments: argparse.Namespace) -> int:
    """Print what differs from the table; return 0 only if nothing does."""
    if urlsplit(arguments.url).scheme not in ("http", "https"):
        raise LocalProblem(f"'{arguments.url}' is no address of a host: give one like http://localhost:7071.")
    keys = {name: getattr(arguments, name) for name in ("key", "master") if getattr(arguments, name)}
    played = different = 0
    for case in (rows := cases(TABLE)):
        if not case.needs() <= keys.keys():
            continue
        played += 1
        try:
            found = await asyncio.to_thread(case.play, arguments.url, keys)
        except OSError as error:
            raise LocalProblem(f"The host at {arguments.url} does not answer: {error}.") from error
        different += bool(found)
        for difference in found:
            print(f"{case.name}: {difference}")
    print(f"{played} of {len(rows)} rows played, {different} differ.")
    return 1 if different else 0
