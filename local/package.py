"""``python -m local package``: the files that are deployed, in one zip, as the tools for Azure would choose them."""

import argparse
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pathspec import GitIgnoreSpec

ROOT = Path(__file__).parents[1]
_MIDNIGHT = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_READABLE = 0o100644 << 16
"""Without the permissions of Unix, the host in Azure cannot read the files and finds no functions."""
_AZURE = (3, 13)
_PACKAGES = ".python_packages/lib/site-packages"
"""Where the host in Azure looks for packages that were not installed there."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("file", nargs="?", type=Path, default=Path("package.zip"), help="default: %(default)s")
    parser.add_argument(
        "--with-requirements",
        action="store_true",
        help="put what requirements.txt names into it as well, for Azure; then nothing is installed there",
    )


async def run(arguments: argparse.Namespace) -> int:
    """Write the package and say what is in it."""
    if arguments.with_requirements and sys.version_info[:2] != _AZURE:
        # pip reads the conditions in requirements.txt for the Python that it runs in, whatever it installs for.
        print("Packages for Azure are chosen by Python 3.13, as in Azure; this is another one.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        if arguments.with_requirements:
            install(ROOT / "requirements.txt", Path(folder))
        names = build(ROOT, arguments.file, Path(folder))
    print(f"{arguments.file}: {len(names)} files, {arguments.file.stat().st_size:,} bytes")
    print("at the top: " + ", ".join(sorted({name.split("/")[0] for name in names})))
    return 0


def install(requirements: Path, folder: Path) -> None:
    """Install *requirements* into *folder*, with their hashes, as Azure's Linux needs them and not this machine."""
    platforms = [f"--platform={each}_x86_64" for each in ("manylinux_2_28", "manylinux_2_17", "manylinux2014")]
    options = ["--require-hashes", "--only-binary=:all:", "--implementation=cp", "--python-version=3.13", *platforms]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    subprocess.run([*pip, *options, "--target", folder, "--requirement", requirements], check=True, timeout=600)


def build(root: Path, target: Path, packages: Path | None = None) -> list[str]:
    """Write what is deployed of *root* to *target*, and *packages* with it; return the names.

    Equal files make equal bytes.
    """
    files = {name: root / name for name in deployed(root)}
    if packages:
        brought = [path for path in packages.rglob("*") if path.is_file()]
        files |= {f"{_PACKAGES}/{path.relative_to(packages).as_posix()}": path for path in brought}
    names = sorted(files)
    with zipfile.ZipFile(target, "w") as package:
        for name in names:
            entry = zipfile.ZipInfo(name, _MIDNIGHT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = _UNIX
            entry.external_attr = _READABLE
            package.writestr(entry, files[name].read_bytes())
    return names


def deployed(root: Path) -> Iterator[str]:
    """Yield every file of *root* that its .funcignore leaves."""
    ignored = GitIgnoreSpec.from_lines((root / ".funcignore").read_text(encoding="utf-8").splitlines())
    for path, folders, files in os.walk(root):
        place = Path(path).relative_to(root)
        folders[:] = [name for name in folders if not ignored.match_file(f"{(place / name).as_posix()}/")]
        names = [(place / name).as_posix() for name in files]
        yield from (name for name in names if not ignored.match_file(name))
