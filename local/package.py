"""``python -m local package``: writes the files that are deployed into one zip.

The package is made from a list of what goes in, so nothing that lies about where somebody works gets into it.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from local.compiled import AZURES_PYTHON, compiled
from local.processes import LocalProblem
from local.web.packing import files_of

ROOT = Path(__file__).parents[1]
DEPLOYED = ("function_app.py", "host.json", "requirements.txt", "shared")
"""The files and the folder at the top that are deployed."""
KINDS = (".py",)
"""The kinds of files in the folder that are deployed: a file of customers or a key that lies there stays out."""
PAGE = "shared/page"
"""The built page in that folder; of this, what its manifest names is deployed."""
_COMPILED = "__pycache__"
_MIDNIGHT = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_READABLE = 0o100644 << 16
"""Unix permissions of each file; without them the host in Azure cannot read the files and finds no functions."""
_AZURES = "Python {}.{}".format(*AZURES_PYTHON)
_PACKAGES = ".python_packages/lib/site-packages"
"""The folder in which the host in Azure looks for packages that come with the app."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("file", nargs="?", type=Path, default=Path("package.zip"), help="default: %(default)s")
    parser.add_argument(
        "--with-requirements",
        action="store_true",
        help="add the packages of requirements.txt, so that Azure installs nothing",
    )


async def run(arguments: argparse.Namespace) -> int:
    """Write the package and print its size and its top-level names."""
    if not files_of(ROOT / PAGE):
        raise LocalProblem("There is no page to deploy: 'python -m local web' builds it.")
    is_azures = sys.version_info[:2] == AZURES_PYTHON
    with tempfile.TemporaryDirectory() as folder:
        if arguments.with_requirements:
            install(ROOT / "requirements.txt", Path(folder))
        names = build(ROOT, arguments.file, Path(folder), with_compiled=is_azures)
    print(f"{arguments.file}: {len(names)} files, {arguments.file.stat().st_size:,} bytes")
    print("at the top: " + ", ".join(sorted({name.split("/")[0] for name in names})))
    if not is_azures:
        print(f"Nothing is compiled, so the app starts more slowly: only {_AZURES} compiles for Azure.")
    return 0


def install(requirements: Path, folder: Path) -> None:
    """Install *requirements* into *folder* for Azure's Python and Linux, not for this machine; pip checks the hashes.

    The lock is whole, and made for that Python. So pip looks for nothing else, and does not compare with this Python.
    """
    platforms = [f"--platform={each}_x86_64" for each in ("manylinux_2_28", "manylinux_2_17", "manylinux2014")]
    options = [
        "--require-hashes",
        "--no-deps",
        "--ignore-requires-python",
        "--only-binary=:all:",
        "--implementation=cp",
        "--python-version={}.{}".format(*AZURES_PYTHON),
        *platforms,
    ]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    subprocess.run([*pip, *options, "--target", folder, "--requirement", requirements], check=True, timeout=600)


def build(root: Path, target: Path, packages: Path | None = None, *, with_compiled: bool = False) -> list[str]:
    """Write the deployed files of *root*, and the folder *packages*, to the zip *target*; return the names in it.

    *with_compiled* adds the modules as this Python compiles them. The same files always give the same bytes.
    """
    files = {name: root / name for name in deployed(root)}
    if packages:
        brought = [path for path in packages.rglob("*") if path.is_file()]
        files |= {f"{_PACKAGES}/{path.relative_to(packages).as_posix()}": path for path in brought}
    with tempfile.TemporaryDirectory() as folder:
        if with_compiled:
            files |= compiled(files, Path(folder))
        _write(target, files)
    return sorted(files)


def _write(target: Path, files: Mapping[str, Path]) -> None:
    with zipfile.ZipFile(target, "w") as package:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _MIDNIGHT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = _UNIX
            entry.external_attr = _READABLE
            package.writestr(entry, files[name].read_bytes())


def deployed(root: Path) -> Iterator[str]:
    """Yield the path of every file of *root* that is deployed."""
    for top in DEPLOYED:
        if (root / top).is_file():
            yield top
        for path, folders, files in os.walk(root / top):
            folders[:] = [name for name in folders if name != _COMPILED]
            yield from ((Path(path).relative_to(root) / name).as_posix() for name in files if name.endswith(KINDS))
    yield from (f"{PAGE}/{name}" for name in files_of(root / PAGE))
