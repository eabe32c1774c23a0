"""``python -m local openapi``: writes the OpenAPI description and the table of calls and roles into ``docs/``."""

import argparse
import json
import re
from pathlib import Path

from shared.api.access.callers import Role
from shared.api.description.openapi import openapi
from shared.api.http.route import Route
from shared.api.routes import ROUTES

DOCUMENTS = Path(__file__).parents[1] / "docs"
DESCRIPTION = DOCUMENTS / "openapi.json"
TABLE = DOCUMENTS / "api.md"
_BETWEEN = re.compile(r"(?<=<!-- calls -->\n).*?(?=<!-- /calls -->)", re.DOTALL)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command: none."""


async def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - every command has this signature
    """Write ``docs/openapi.json`` and the table in ``docs/api.md``."""
    DESCRIPTION.write_text(description())
    TABLE.write_text(with_table(TABLE.read_text()))
    print(f"Wrote {DESCRIPTION} and the table in {TABLE}.")
    return 0


def description() -> str:
    """Return the text of ``docs/openapi.json``."""
    return json.dumps(openapi(ROUTES), indent=2) + "\n"


def with_table(text: str) -> str:
    """Return *text* with a new table of calls between its two markers."""
    head = ["| call | does | read | contribute | administer |", "|---|---|---|---|---|"]
    table = "".join(f"{line}\n" for line in (*head, *(_row(route) for route in ROUTES)))
    return _BETWEEN.sub(lambda _match: table, text)


def _row(route: Route) -> str:
    roles = " | ".join("yes" if role >= route.role else "" for role in Role)
    return f"| `{route.method} /{route.path}` | {route.summary.replace('``', '`')} | {roles} |"
