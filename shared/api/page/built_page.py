"""The built files of the page: those that its manifest names, each stored gzipped as ``NAME.gz``.

``python -m local web`` writes both into ``shared/page``.
"""

import gzip
from dataclasses import dataclass
from pathlib import Path

import orjson

FOLDER = Path(__file__).parents[2] / "page"
MANIFEST = "manifest.json"
INDEX = "index.html"
ASSETS = "assets/"
"""The files below it have a hash of their content in their names."""
_PACKED = ".gz"


@dataclass(frozen=True, slots=True)
class PageFile:
    """One file of the page; *etag* names its content."""

    name: str
    media_type: str
    etag: str

    @property
    def never_changes(self) -> bool:
        """Tell whether another content would have another name."""
        return self.name.startswith(ASSETS)


class BuiltPage:
    """The page in *folder*. Its manifest is read at the first request, and again where it was written anew. Mutable.

    A file is found in the manifest's table, so no address leads to another file of the disk.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._read_at = 0
        self._files: dict[str, PageFile] = {}

    def file(self, path: str) -> PageFile | None:
        """Return the file for *path*, None for an asset that is not there.

        Any other path is a screen of the page, and the file of a screen is ``index.html``.
        Raises `FileNotFoundError` where no page was built.
        """
        files = self._manifest()
        if path in files:
            return files[path]
        return None if _is_of_a_file(path) else files[INDEX]

    def packed(self, file: PageFile) -> bytes:
        """Return the content of *file*, gzipped."""
        return (self._folder / f"{file.name}{_PACKED}").read_bytes()

    def unpacked(self, file: PageFile) -> bytes:
        """Return the content of *file*."""
        return gzip.decompress(self.packed(file))

    def _manifest(self) -> dict[str, PageFile]:
        path = self._folder / MANIFEST
        written_at = path.stat().st_mtime_ns
        if written_at != self._read_at:
            named = orjson.loads(path.read_bytes())["files"]
            self._files = {name: PageFile(name, each["type"], each["etag"]) for name, each in named.items()}
            self._read_at = written_at
        return self._files


def _is_of_a_file(path: str) -> bool:
    """Tell whether *path* is that of a file, and none of a screen: screens have no dot in their last part."""
    return path.startswith(ASSETS) or "." in path.rpartition("/")[2]
