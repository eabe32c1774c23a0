"""``python -m local package``: the files that are deployed, in one zip, as the tools for Azure would choose them."""

import argparse
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pathspec import GitIgnoreSpec

ROOT = Path(__file__).parents[1]
_MIDNIGHT = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_READABLE = 0o100644 << 16
"""Without the permissions of Unix, the host in Azure cannot read the files and finds no functions."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("file", nargs="?", type=Path, default=Path("package.zip"), help="default: %(default)s")


async def run(arguments: argparse.Namespace) -> int:
    """Write the package and say what is in it."""
    names = build(ROOT, arguments.file)
    print(f"{arguments.file}: {len(names)} files, {arguments.file.stat().st_size:,} bytes")
    print("at the top: " + ", ".join(sorted({name.split("/")[0] for name in names})))
    return 0


def build(root: Path, target: Path) -> list[str]:
    """Write what is deployed of *root* to *target* and return the names; equal files make equal bytes."""
    names = sorted(deployed(root))
    with zipfile.ZipFile(target, "w") as package:
        for name in names:
            entry = zipfile.ZipInfo(name, _MIDNIGHT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = _UNIX
            entry.external_attr = _READABLE
            package.writestr(entry, (root / name).read_bytes())
    return names


def deployed(root: Path) -> Iterator[str]:
    """Yield every file of *root* that its .funcignore leaves."""
    ignored = GitIgnoreSpec.from_lines((root / ".funcignore").read_text(encoding="utf-8").splitlines())
    for path, folders, files in os.walk(root):
        place = Path(path).relative_to(root)
        folders[:] = [name for name in folders if not ignored.match_file(f"{(place / name).as_posix()}/")]
        names = [(place / name).as_posix() for name in files]
        yield from (name for name in names if not ignored.match_file(name))
