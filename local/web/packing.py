"""Packs the built page: each file gzipped once, and a manifest that names them all."""

import gzip
import json
from hashlib import sha256
from pathlib import Path

from local.processes import LocalProblem

MANIFEST = "manifest.json"
VITES_MANIFEST = ".vite/manifest.json"
"""Which file of the build needs which, as Vite wrote it; it is not served."""
PACKED = ".gz"
TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
}
"""The media type of each kind of file that the page may have."""


def pack(folder: Path) -> list[str]:
    """Gzip every built file in *folder* in its place, write the manifest last, and return the names of the files.

    The same files always give the same bytes. Raises `LocalProblem` for a kind of file that has no media type.
    """
    named = {}
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = path.relative_to(folder).as_posix()
        if name == VITES_MANIFEST:
            continue
        if path.suffix not in TYPES:
            raise LocalProblem(f"The page was built with {name}, and nobody has said what type such a file has.")
        content = path.read_bytes()
        path.with_name(f"{path.name}{PACKED}").write_bytes(gzip.compress(content, compresslevel=9, mtime=0))
        path.unlink()
        named[name] = {"type": TYPES[path.suffix], "etag": f'W/"{sha256(content).hexdigest()[:32]}"'}
    if "index.html" not in named:
        raise LocalProblem(f"The page was built without an index.html in {folder}.")
    (folder / MANIFEST).write_text(json.dumps({"files": named}, indent=1) + "\n", encoding="utf-8")
    return sorted(named)


def files_of(folder: Path) -> list[str]:
    """Return the names of what makes up the packed page in *folder*, none where no page was built."""
    if not (folder / MANIFEST).is_file():
        return []
    named = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    return sorted([MANIFEST, *(f"{name}{PACKED}" for name in named)])


def packed_bytes(folder: Path, name: str) -> int:
    """Return the size of the file *name* of the packed page in *folder*."""
    return (folder / f"{name}{PACKED}").stat().st_size
