"""A page as the build makes it, of a few files."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from local.web.packing import pack

FILES = {
    "index.html": "<!doctype html><script type=module src=/api/ui/assets/main-a1b2.js></script>",
    "assets/main-a1b2.js": "console.log('the page')",
    "assets/main-c3d4.css": "body{margin:0}",
    "icon.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
}


def write_page(folder: Path, files: Mapping[str, str] = FILES) -> None:
    """Make the page of *files* in *folder*, which is emptied first."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    pack(folder)


def built_page(folder: Path, files: Mapping[str, str] = FILES) -> Path:
    """Make the page of *files* in *folder*, beside files that are none of it."""
    write_page(folder, files)
    (folder / "notes.txt").write_text("not of the page")
    (folder / "assets" / "main-a1b2.js.map").write_text("not of the page")
    return folder
