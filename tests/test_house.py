"""A folder and a file hold no more than one can take in at a glance, or read at a sitting."""

from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MOST_FILES = 15
"""How many modules lie side by side in a folder, beside ``__init__.py`` and ``__main__.py``."""
MOST_LINES = 300


def modules() -> list[Path]:
    found = [ROOT / "function_app.py"]
    for top in ("shared", "local", "tests"):
        found += [file for file in (ROOT / top).rglob("*.py") if "node_modules" not in file.parts]
    return [file.relative_to(ROOT) for file in found]


def test_the_files_of_a_folder_are_few() -> None:
    named = [module for module in modules() if module.name not in ("__init__.py", "__main__.py")]
    counts = Counter(module.parent.as_posix() for module in named)
    assert {"shared", "shared/pipeline/leg", "local/klaviyo", "tests/domain/rows"} <= counts.keys()
    assert {folder: count for folder, count in counts.items() if count > MOST_FILES} == {}


def test_no_file_is_long() -> None:
    lengths = {module.as_posix(): len((ROOT / module).read_text().splitlines()) for module in modules()}
    assert {"function_app.py", "shared/settings.py", "tests/builders.py"} <= lengths.keys()
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "manager", "base"])
def test_no_module_has_a_name_that_says_nothing(name: str) -> None:
    assert [module.as_posix() for module in modules() if name in (*module.parts[:-1], module.stem)] == []
