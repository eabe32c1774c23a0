"""What a browser loads before it shows the first screen, and what of it is too much."""

from typing import Any

import pytest

from local.processes import LocalProblem
from local.web.first_screen import MOST_BYTES, MOST_FILES, first_screen

BUILT: dict[str, Any] = {
    "index.html": {
        "file": "main.js",
        "css": ["main.css"],
        "assets": ["icon.svg"],
        "imports": ["_table.js"],
        "dynamicImports": ["src/run"],
    },
    "_table.js": {"file": "table.js", "imports": ["_icons.js"]},
    "_icons.js": {"file": "icons.js"},
    "src/run": {"file": "run.js", "imports": ["_chart.js"]},
    "_chart.js": {"file": "chart.js"},
    "src/messages/load-en.ts": {"file": "en.js"},
    "src/messages/load-uk.ts": {"file": "uk.js"},
}


def test_it_is_the_entry_and_the_larger_language_with_all_that_they_import() -> None:
    screen = first_screen(BUILT, lambda name: {"uk.js": 30}.get(name, 1))
    assert set(screen.sizes) == {"index.html", "main.js", "main.css", "icon.svg", "table.js", "icons.js", "uk.js"}
    assert str(screen).startswith("7 files, 36 bytes gzipped (icon.svg 1, ")


def test_it_may_have_so_many_files_and_no_more() -> None:
    fewer = {**BUILT, "_table.js": {"file": "table.js"}}
    at_most = first_screen(fewer, lambda _name: 1)
    assert len(at_most.sizes) == MOST_FILES
    at_most.check()
    with pytest.raises(LocalProblem, match="too large: 7 files"):
        first_screen(BUILT, lambda _name: 1).check()


def test_it_may_have_so_many_bytes_and_no_more() -> None:
    small = {"index.html": {"file": "main.js"}, "src/messages/load-en.ts": {"file": "en.js"}}
    fills = MOST_BYTES - 2
    first_screen(small, lambda name: fills if name == "main.js" else 1).check()
    with pytest.raises(LocalProblem, match="too large"):
        first_screen(small, lambda name: fills + 1 if name == "main.js" else 1).check()


@pytest.mark.parametrize("missing", ["index.html", "src/messages/load-"])
def test_a_build_in_which_it_cannot_be_found_is_refused(missing: str) -> None:
    rest = {source: part for source, part in BUILT.items() if not source.startswith(missing)}
    with pytest.raises(LocalProblem, match="built without"):
        first_screen(rest, lambda _name: 1)
