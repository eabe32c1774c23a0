"""Makes up JSON files: a row a line, in an array, over several lines, and such that something was done to."""

import json
from random import Random
from typing import Any

from tests.generated_files.damage import damaged
from tests.generated_files.made import Made, Person, packed, person

SHAPES = ("lines", "lines", "array", "array a line", "pretty array", "pretty objects", "odata", "pretty odata")
ODD_ELEMENTS = (
    "5",
    "null",
    '"text"',
    "[1,2]",
    "{}",
    '{"email":null}',
    "{'email':1}",
    '{"a":}',
    '{"a":NaN,"email":"x"}',
)


def made_json(random: Random) -> Made:
    """Make up a JSON file."""
    people = [person(random, number, has_lines=True) for number in range(random.randrange(1, 9))]
    shape = random.choice(SHAPES)
    is_pretty = shape.startswith("pretty")
    elements = [json.dumps(_row(random, each), ensure_ascii=False, indent=2 if is_pretty else None) for each in people]
    if random.random() < 0.15:
        elements.insert(random.randrange(len(elements) + 1), random.choice(ODD_ELEMENTS))
        shape += " with an odd element"
    text, what = _joined(shape, elements), [shape]
    sure = frozenset(each.email for each in people)
    if "odd" in shape:
        sure = frozenset()
    if random.random() < 0.6:
        text, done = damaged(random, text, ",", "\n", most=1 if is_pretty else 4)
        what += done
        sure = frozenset()
    data = text.encode("utf-16" if random.random() < 0.03 else "utf-8")
    name = "a" + random.choice((".ndjson", ".json") if shape.startswith("lines") else (".json",))
    if random.random() < 0.1:
        data, name = packed(random, data), name + ".gz"
    return Made(name, data, frozenset(each.email for each in people), sure, what=tuple(what))


def _row(random: Random, each: Person) -> dict[str, Any]:
    row: dict[str, Any] = {"email": each.email, "name": each.name, "note": each.note}
    stranger = f"t{each.number}@t{each.number}.com"
    if random.random() < 0.2:
        row["note"] = random.choice(
            (
                {"email": stranger, "n": [f"n{each.number}n"]},
                [{"email": stranger}, each.note],
                f'{{"email":"{stranger}"}}',
                f'\n{{"email":"{stranger}"}}\n',
            )
        )
    if random.random() < 0.2:
        row = {"value": [], "id": each.number, **row}
    return row


def _joined(shape: str, elements: list[str]) -> str:
    shape = shape.removesuffix(" with an odd element")
    if shape in ("lines", "pretty objects"):
        return "".join(element + "\n" for element in elements)
    if shape == "array a line":
        return "[\n" + ",\n".join(elements) + "\n]\n"
    if shape == "array":
        return "[" + ",".join(elements) + "]"
    if shape == "pretty array":
        return "[\n" + ",\n".join(elements) + "\n]\n"
    between = ",\n" if shape == "pretty odata" else ","
    return '{"@odata.context": "https://x/$metadata#c", "value": [' + between.join(elements) + '], "next": null}\n'
