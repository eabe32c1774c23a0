"""What a browser loads before it shows the first screen, and what of it is too much."""

from typing import Any

import pytest

from local.processes import LocalProblem
from local.web.first_screen import HOME, MOST_BYTES, MOST_FILES, first_screen

BUILT: dict[str, Any] = {
    "index.html": {"file": "main.js", "css": ["main.css"], "assets": ["icon.svg"], "dynamicImports": [HOME, "src/run"]},
    HOME: {"file": "home.js", "imports": ["index.html", "_table.js"]},
    "_table.js": {"file": "table.js", "imports": ["index.html"]},
    "src/run": {"file": "run.js", "imports": ["_chart.js"]},
    "_chart.js": {"file": "chart.js"},
    "src/messages/load-en.ts": {"file": "en.js"},
    "src/messages/load-uk.ts": {"file": "uk.js"},
}


def test_it_is_the_entry_the_home_screen_and_the_larger_language_with_all_that_they_import() -> None:
    screen = first_screen(BUILT, lambda name: {"uk.js": 30}.get(name, 1))
    assert set(screen.sizes) == {"index.html", "main.js", "main.css", "icon.svg", "home.js", "table.js", "uk.js"}
    assert str(screen).startswith("7 files, 36 bytes gzipped (home.js 1, ")


def test_it_may_have_so_many_files_and_no_more() -> None:
    fewer = {**BUILT, HOME: {"file": "home.js", "imports": ["index.html"]}}
    at_most = first_screen(fewer, lambda _name: 1)
    assert len(at_most.sizes) == MOST_FILES
    at_most.check()
    with pytest.raises(LocalProblem, match="too large: 7 files"):
        first_screen(BUILT, lambda _name: 1).check()


def test_it_may_have_so_many_bytes_and_no_more() -> None:
    small = {"index.html": {"file": "main.js"}, HOME: {"file": "home.js"}, "src/messages/load-en.ts": {"file": "en.js"}}
    fills = MOST_BYTES - 3
    first_screen(small, lambda name: fills if name == "main.js" else 1).check()
    with pytest.raises(LocalProblem, match="too large"):
        first_screen(small, lambda name: fills + 1 if name == "main.js" else 1).check()


@pytest.mark.parametrize("missing", ["index.html", HOME, "src/messages/load-"])
def test_a_build_in_which_it_cannot_be_found_is_refused(missing: str) -> None:
    rest = {source: part for source, part in BUILT.items() if not source.startswith(missing)}
    with pytest.raises(LocalProblem, match="built without"):
        first_screen(rest, lambda _name: 1)
