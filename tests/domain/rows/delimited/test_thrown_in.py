"""Quotes, backslashes and delimiters, thrown into a good file at random, never mix two customers or make one up."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.rows.delimited.reading import BACKSLASH, COMMA, read_csv

PARTS = ["hello", "x, y", 'say ""hi""', "\n", "\n\n", " ", ""]
ORDERS = [
    ["email", "product", "note"],
    ["product", "note", "email"],
    ["note", "email", "product"],
    ["email", "note"],
    ["note", "email"],
]
ADDRESS = re.compile(r'[^\s@",\\]+@[^\s@",\\]+\.com')
OF_ROW = re.compile(r"\b[prn](\d+)\b")


@st.composite
def good_files(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """Return names of columns and the text of each row; the values of row 7 hold ``r7@e7.com``, ``p7`` and ``n7``."""
    order, rows = draw(st.sampled_from(ORDERS)), []
    for number in range(draw(st.integers(2, 7))):
        note = f"n{number}" + "".join(draw(st.lists(st.sampled_from(PARTS), max_size=4)))
        is_quoted = draw(st.booleans()) or any(character in note for character in ',"\n')
        cells = {"email": f"r{number}@e{number}.com", "product": f"p{number}"}
        quoted = {name: f'"{cell}"' if draw(st.booleans()) else cell for name, cell in cells.items()}
        quoted["note"] = f'"{note}"' if is_quoted else note
        rows.append(",".join(quoted[name] for name in order))
    return order, rows


@given(good_files())
def test_a_good_file_is_read_as_a_whole(file: tuple[list[str], list[str]]) -> None:
    order, rows = file
    read = read_csv(",".join(order) + "\n" + "".join(row + "\n" for row in rows))

    assert read.words == [f"r{number}@e{number}.com" for number in range(len(rows))]
    lines = [2]
    for row in rows[:-1]:
        lines.append(lines[-1] + row.count("\n") + 1)
    assert read.lines == lines


@settings(max_examples=400)
@given(good_files(), st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from('"""\\,')), max_size=4), st.booleans())
def test_what_is_thrown_in_mixes_no_customers_and_makes_none_up(
    file: tuple[list[str], list[str]], thrown: list[tuple[int, str]], has_backslash: bool
) -> None:
    order, rows = file
    text = "".join(row + "\n" for row in rows)
    inside = {at for found in ADDRESS.finditer(text) for at in range(found.start() + 1, found.end())}
    at_places = sorted(((place % len(text), character) for place, character in thrown), reverse=True)
    for at, character in at_places:
        if character != "," or at not in inside:  # a delimiter in an address would write another address
            text = text[:at] + character + text[at:]
    read = read_csv(",".join(order) + "\n" + text, BACKSLASH if has_backslash else COMMA)

    addresses = {f"r{number}@e{number}.com" for number in range(len(rows))}
    sent = [row for _, row in read.rows if isinstance(row, dict) and ADDRESS.fullmatch(row["email"].strip())]
    for row in sent:
        assert row["email"].strip() in addresses
        everything = " ".join(row.values())
        assert set(ADDRESS.findall(everything)) == {row["email"].strip()}
        assert len(set(OF_ROW.findall(everything))) <= 1
    filled = [number for number, line in enumerate(text.split("\n"), 2) if line.strip(' ,"\\')]
    assert read.lines[0] <= filled[0]  # each row reaches up to the next one, so no line is left out
