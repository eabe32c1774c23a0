"""``python -m local storage``: runs the storage emulator alone."""

import argparse

from local.azurite import USUAL_PORT, azurite
from local.processes import LocalProblem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument(
        "--port",
        type=int,
        default=USUAL_PORT,
        metavar="N",
        help="blobs at N, queues at N+1, tables at N+2; 0 takes free ports (default: %(default)s)",
    )


async def run(arguments: argparse.Namespace) -> int:
    """Print the connection string and run until cancelled; raises `LocalProblem` when the emulator ends by itself."""
    async with azurite(port=arguments.port) as storage:
        print(storage.connection_string, flush=True)
        await storage.process.wait()
        raise LocalProblem(f"Azurite has ended. {storage.process.last_output()}".rstrip())
