"""Compiles the modules of a package, so that no start of the app in Azure has to."""

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

AZURES_PYTHON = (3, 13)
"""What another Python has compiled is passed over in Azure."""
_MODULE = ".py"
_NEVER_LOADED = re.compile(r"/(tests|geodata|carrierdata)/")
"""Parts of libraries that the app never loads; compiled, they are as large as everything else."""


def compiled(files: Mapping[str, Path], folder: Path) -> dict[str, Path]:
    """Compile the modules among *files*, by their names in the package, into *folder*; return the compiled files.

    They hold whatever the times of their modules are: neither a zip nor Azure keeps those.
    A process of its own compiles all in the same order. So the same modules always give the same bytes.
    """
    for name, path in files.items():
        if name.endswith(_MODULE) and not _NEVER_LOADED.search(name):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / name)
    options = ["-q", "--invalidation-mode", "unchecked-hash", "-s", str(folder)]
    subprocess.run([sys.executable, "-I", "-S", "-m", "compileall", *options, folder], check=True, timeout=600)
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.pyc")}
