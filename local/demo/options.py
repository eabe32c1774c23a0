"""The options of the demonstration, read from the command line and checked before any process starts."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local import samples
from local.layouts import LayoutName, check_format, segment_in
from local.processes import LocalProblem
from shared.domain.config.field_problems import WrongFields
from shared.domain.config.mapping import Mapping as FieldMapping
from shared.domain.dialects.file_kind import Standing, kind_of_file

KEY_SETTING = "KLAVIYO_API_KEY"
DEFAULT_ROWS = 100_000
DEFAULT_LIST = "Y6nRLr"
SEGMENT = "demo"
TRIED_ROWS = 10
"""The number of rows that go to the real Klaviyo without ``--all``."""


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """Checked options; *file* is None for sample rows, *key* is None without the real Klaviyo.

    *layout* and *file_format* say how the sample rows lie.
    A demonstration that *stays* keeps everything running after the result.
    """

    rows: int
    file: Path | None
    mapping: dict[str, Any]
    phone_region: str | None
    list_id: str
    is_real: bool
    send_all: bool
    ask_first: bool
    key: str | None
    layout: LayoutName = LayoutName.FLAT
    file_format: str = samples.FORMATS[0]
    stays: bool = False

    @property
    def segment(self) -> str:
        """Return the name of the segment."""
        return segment_in(self.layout, SEGMENT)


def sample_options(rows: int) -> DemoOptions:
    """Return the options for *rows* sample rows: send all of them to the simulator without a question."""
    return DemoOptions(
        rows=rows,
        file=None,
        mapping=samples.MAPPING,
        phone_region=samples.PHONE_REGION,
        list_id=DEFAULT_LIST,
        is_real=False,
        send_all=True,
        ask_first=False,
        key=None,
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument(
        "--rows", type=int, default=DEFAULT_ROWS, metavar="N", help="sample rows (default: %(default)s)"
    )
    parser.add_argument(
        "--file",
        type=Path,
        metavar="PATH",
        help="your own rows: .parquet, .ndjson, .jsonl or .csv, or .gz of the last three",
    )
    parser.add_argument(
        "--layout", choices=[*LayoutName], default=LayoutName.FLAT, help="how the files of the sample rows lie"
    )
    parser.add_argument("--format", choices=samples.FORMATS, help="how the sample rows are written (default: ndjson)")
    parser.add_argument("--email", metavar="COLUMN", help="the column of your file that has the e-mail addresses")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="a further field to send, such as first_name=FirstName, location.city=City or properties.tier=Tier",
    )
    parser.add_argument("--phone-region", metavar="UA", help="the country of phone numbers without a country code")
    parser.add_argument("--list-id", metavar="ID", help=f"the list to fill (default in the simulator: {DEFAULT_LIST})")
    parser.add_argument("--real", action="store_true", help=f"send to the real Klaviyo, with the key in {KEY_SETTING}")
    parser.add_argument("--all", action="store_true", help=f"with --real: send all rows, not only {TRIED_ROWS}")
    parser.add_argument("--stay", action="store_true", help="keep everything running afterwards, to look at the page")
    parser.add_argument("--yes", action="store_true", help="with --real: do not ask before sending")


def read_options(arguments: argparse.Namespace, environment: Mapping[str, str]) -> DemoOptions:
    """Return the checked options; raises `LocalProblem` for options that do not fit together."""
    key = environment.get(KEY_SETTING)
    if arguments.real and not (arguments.file and arguments.list_id and key):
        raise LocalProblem(
            f"--real needs --file, --list-id and the setting {KEY_SETTING}: the rows, the list and the key."
        )
    if (arguments.file is None) != (arguments.email is None):
        raise LocalProblem("--file and --email go together: your rows, and the column that has the e-mail addresses.")
    if arguments.file is None and arguments.map:
        raise LocalProblem("--map needs --file; the sample rows have their own mapping.")
    if arguments.file:
        _check_file(arguments.file)
    layout = LayoutName(arguments.layout)
    if arguments.file and (arguments.format or layout is not LayoutName.FLAT):
        raise LocalProblem("--layout and --format are for the sample rows; leave them out with --file.")
    check_format(layout, arguments.format)
    if arguments.rows < 1:
        raise LocalProblem("--rows must be at least 1.")
    return DemoOptions(
        rows=arguments.rows,
        file=arguments.file,
        mapping=_mapping(arguments.email, arguments.map) if arguments.file else samples.MAPPING,
        phone_region=arguments.phone_region or (None if arguments.file else samples.PHONE_REGION),
        list_id=arguments.list_id or DEFAULT_LIST,
        is_real=arguments.real,
        send_all=arguments.all,
        ask_first=not arguments.yes,
        key=key if arguments.real else None,
        layout=layout,
        file_format=arguments.format or samples.FORMATS[0],
        stays=arguments.stay,
    )


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise LocalProblem(f"There is no file {path}.")
    if kind_of_file(path.name).standing not in (Standing.DATA, Standing.OPEN):
        raise LocalProblem(
            f"{path.name} must end with .parquet, or with .ndjson, .jsonl, .csv or .tsv, each also with .gz after it."
        )


def _mapping(email: str, pairs: list[str]) -> dict[str, Any]:
    """Build the mapping of an export from FIELD=COLUMN pairs."""
    mapping: dict[str, Any] = {"email": email}
    for pair in pairs:
        name, equals, column = pair.partition("=")
        if not (name and equals and column):
            raise LocalProblem(f"--map {pair}: it must be FIELD=COLUMN, such as first_name=FirstName.")
        group, dot, inner = name.partition(".")
        if dot:
            mapping.setdefault(group, {})[inner] = column
        else:
            mapping[name] = column
    try:
        FieldMapping.written(mapping)
    except WrongFields as error:
        raise LocalProblem(str(error)) from error
    return mapping
