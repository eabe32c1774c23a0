"""Writes the description of the management API into the repository."""

import argparse
import json
from pathlib import Path

from shared.api.openapi import openapi

DESCRIPTION = Path(__file__).parents[1] / "docs" / "openapi.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments: it has none."""


async def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - a command
    """Write ``docs/openapi.json``."""
    DESCRIPTION.write_text(json.dumps(openapi(), indent=2) + "\n")
    print(f"Wrote {DESCRIPTION}.")
    return 0
