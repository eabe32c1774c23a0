"""``python -m local segment``: writes the rows of a sample segment, or the folder in which they lie."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from local.layouts import LayoutName, SampleFolder, check_format
from local.processes import LocalProblem
from local.samples import FORMATS, SampleSpec, sample_file

NAME = "vip"
_WHOLE = 100.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("--rows", type=int, required=True, help="the number of rows")
    parser.add_argument("--bad", type=float, default=0.0, metavar="PERCENT", help="this share of the rows is bad")
    parser.add_argument(
        "--duplicates", type=float, default=0.0, metavar="PERCENT", help="this share repeats an earlier e-mail address"
    )
    parser.add_argument("--format", choices=FORMATS, help="default: ndjson, or what the layout has")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other rows")
    parser.add_argument("--layout", choices=[*LayoutName], help="write a folder with this layout; needs --into")
    parser.add_argument("--into", type=Path, metavar="FOLDER", help="where the folder is written")


async def run(arguments: argparse.Namespace) -> int:
    """Write the file to standard output, or a folder; raises `LocalProblem` for what cannot be written."""
    spec = SampleSpec(arguments.rows, arguments.bad, arguments.duplicates, arguments.seed)
    _check(spec)
    if (arguments.layout is None) != (arguments.into is None):
        raise LocalProblem("--layout and --into go together: how the files lie, and in which folder.")
    if arguments.layout is not None:
        write_folder(arguments.into, _folder(LayoutName(arguments.layout), spec, arguments.format))
        return 0
    for block in sample_file(spec, arguments.format or FORMATS[0]):
        sys.stdout.buffer.write(block)
    sys.stdout.buffer.flush()
    return 0


def write_folder(into: Path, folder: SampleFolder) -> None:
    """Write the files of *folder* below *into*, and print the path of each."""
    for name, blocks in folder.files():
        path = into / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            for block in blocks:
                file.write(block)
        print(path)


def _folder(layout: LayoutName, spec: SampleSpec, file_format: str | None) -> SampleFolder:
    check_format(layout, file_format)
    return SampleFolder(NAME, spec, layout, file_format or FORMATS[0], datetime.now(UTC))


def _check(spec: SampleSpec) -> None:
    if spec.rows < 0:
        raise LocalProblem(f"--rows must be a whole number from 0 on, not {spec.rows}.")
    for name, percent in (("--bad", spec.bad), ("--duplicates", spec.duplicates)):
        if not 0 <= percent <= _WHOLE:  # also refuses "nan"
            raise LocalProblem(f"{name} must be a number of percent from 0 to 100, not {percent:g}.")
    if spec.bad + spec.duplicates > _WHOLE:
        raise LocalProblem("--bad and --duplicates must not be more than 100 percent together.")
