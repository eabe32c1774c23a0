"""The decisions are numbered, each with a number of its own."""

from pathlib import Path

DECISIONS = sorted((Path(__file__).parents[2] / "docs" / "decisions").glob("*.md"))


def test_each_decision_has_the_next_number_in_its_name_and_in_its_heading() -> None:
    numbers = [int(path.name.partition("-")[0]) for path in DECISIONS]
    headings = [int(path.read_text().removeprefix("# ").partition(".")[0]) for path in DECISIONS]
    assert numbers == headings == [*range(1, len(DECISIONS) + 1)]
