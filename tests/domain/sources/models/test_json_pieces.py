"""A JSON text that is read piece by piece says what it says when it is read at once."""

import json
from random import Random
from typing import Any

import pytest

from shared.domain.sources.models.json_pieces import MOST_DEPTH, WINDOW, read_in_pieces


def read(text: str) -> tuple[Any, int]:
    """Return the value of *text*, and how often other tasks could have run."""
    reading, turns = read_in_pieces(text), 0
    while True:
        try:
            next(reading)
        except StopIteration as done:
            return done.value, turns
        turns += 1


def made_up(random: Random, depth: int = 0) -> Any:
    kind = random.choice("ldsnbx" if depth < 5 else "snb")
    if kind in "ld":
        some = [made_up(random, depth + 1) for _ in range(random.choice((0, 1, 3, 7)))]
        return some if kind == "l" else {f"k{number}\n{{": value for number, value in enumerate(some)}
    return {"s": 'x"]},{' * random.choice((0, 1, 3_000)), "n": random.random(), "b": None, "x": -12}[kind]


@pytest.mark.parametrize("indent", [None, 1])
def test_any_text_is_read_as_by_the_parser_of_python(indent: int | None) -> None:
    random, turns = Random(15), 0  # noqa: S311 - no secret
    for _ in range(30):
        value = [made_up(random) for _ in range(10)]
        found, more = read(" " + json.dumps(value, indent=indent) + "\n")
        assert found == value
        turns += more
    assert turns > 30


@pytest.mark.parametrize(
    "text", ["", "[", "[1", "[1,]", "[1 2]", "{", '{"a"}', '{"a":}', '{"a":1,}', "{1:2}", "1 2", "nope", '"x']
)
@pytest.mark.parametrize("large", [False, True])
def test_a_broken_text_is_refused(text: str, large: bool) -> None:
    before = f'["{"x" * WINDOW}", ' if large else ""
    with pytest.raises(ValueError, match=r"."):
        read(before + text + ("]" if large else ""))


def test_what_is_nested_too_deeply_is_refused() -> None:
    def nested(depth: int) -> str:
        return "[" * depth + f'"{"x" * WINDOW}"' + "]" * depth

    assert read(nested(MOST_DEPTH))[0]
    for depth in (MOST_DEPTH + 1, 100_000):
        with pytest.raises(ValueError, match="nested too deeply"):
            read(nested(depth))
