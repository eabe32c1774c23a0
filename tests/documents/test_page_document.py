"""docs/page.md shows every picture that `make screenshots` makes, and no other; the pictures are small."""

import re
from pathlib import Path

import pytest

from local.screenshots.command import PICTURES
from local.screenshots.scenes import SCENES

MANUAL = PICTURES.parent / "page.md"
MOST_BYTES = 1_500_000
SHOWN = re.findall(r"!\[([^\]]+)\]\(pictures/([\w-]+)\.png\)", MANUAL.read_text(encoding="utf-8"))


def test_every_picture_is_in_the_manual_once_with_words_for_those_who_cannot_see_it() -> None:
    assert sorted(name for _, name in SHOWN) == sorted(SCENES)
    assert len({words for words, _ in SHOWN}) == len(SHOWN)


@pytest.mark.parametrize("name", SCENES)
def test_every_picture_is_there(name: str) -> None:
    assert (PICTURES / f"{name}.png").read_bytes().startswith(b"\x89PNG\r\n")


def test_no_other_file_lies_there_and_all_together_are_small() -> None:
    files = list(PICTURES.iterdir())
    assert {path.name for path in files} == {f"{name}.png" for name in SCENES}
    assert sum(path.stat().st_size for path in files) < MOST_BYTES


def test_a_picture_that_a_document_names_and_that_is_missing_is_noticed() -> None:
    named = [
        (page, link)
        for page in [*PICTURES.parent.glob("*.md"), PICTURES.parents[1] / "README.md"]
        for link in re.findall(r"!\[[^\]]*\]\(([^)]+\.png)\)", page.read_text(encoding="utf-8"))
    ]
    assert Path("README.md") in {Path(page.name) for page, _ in named}
    assert [link for page, link in named if not (page.parent / link).is_file()] == []
