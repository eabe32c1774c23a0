"""The expected outcomes of a segment's rows."""

import gzip

import orjson

from local.chaos.expected import Expected, SegmentSpec, attributes_hash, expected_of, profile
from local.chaos.rows import BLANKS, MEMBERS, QUOTES, file_bytes
from local.samples import Kind, SampleSpec

FILES = {
    "b.csv": SampleSpec(2_000, bad=20, duplicates=5, seed=7),
    "a.ndjson": SampleSpec(2_000, bad=20, duplicates=5, seed=8),
}
SEGMENT = SegmentSpec("mixed", FILES)


def row(email: str, *, points: int = 5, phone_number: str = "+380671234567") -> dict[str, object]:
    return {
        "CustomerId": "C-1",
        "EMail": email,
        "FirstName": "Zoë",
        "LastName": "Nguyen",
        "Phone": phone_number,
        "City": "Cork",
        "Country": "Ireland",
        "LoyaltyTier": "gold",
        "Points": points,
        "LastPurchase": "2026-01-02",
    }


def test_every_row_has_just_one_outcome() -> None:
    expected = expected_of(SEGMENT)

    outcomes = len(expected.good) + len(expected.late) + len(expected.refused) + len(expected.bad) + expected.duplicates
    assert expected.rows == outcomes == 4_000
    assert (
        min(len(expected.good), len(expected.late), len(expected.refused), len(expected.bad), expected.duplicates) > 0
    )


def test_an_address_that_came_before_is_a_duplicate_whatever_became_of_it_and_in_whichever_file() -> None:
    expected = Expected()
    expected.add(("s/a.csv", 1), Kind.LATE, row("one@late.example.com"))
    expected.add(("s/a.csv", 2), Kind.BAD, row("two"))
    expected.add(("s/b.csv", 1), Kind.LATE, row("ONE@late.example.com"))
    expected.add(("s/b.csv", 2), Kind.BAD, row("two"))

    assert expected.late == {"one@late.example.com": ("s/a.csv", 1)}
    assert (expected.duplicates, expected.bad) == (1, {("s/a.csv", 2), ("s/b.csv", 2)})


def test_nobody_is_in_two_segments() -> None:
    other = expected_of(SegmentSpec("other", FILES))

    assert not expected_of(SEGMENT).good.keys() & other.good.keys()
    assert not expected_of(SEGMENT).late.keys() & other.late.keys()


def test_profiles_within_spans_are_those_that_klaviyo_takes_at_first() -> None:
    expected = Expected()
    for number, kind in enumerate((Kind.GOOD, Kind.BAD, Kind.LATE, Kind.REFUSED, Kind.GOOD, Kind.GOOD), 1):
        expected.add(("s/a.csv", number), kind, row(f"{number}@example.com"))
    expected.add(("s/b.csv", 1), Kind.GOOD, row("7@example.com"))

    assert expected.taken_within([["s/a.csv", 1, 5]]) == 3
    assert expected.taken_within([["s/a.csv", 6, 6], ["s/b.csv", 1, 9]]) == 2
    assert expected.taken_within([["s/c.csv", 1, 9]]) == 0


def test_a_print_changes_with_any_value_and_not_with_the_order() -> None:
    one = profile(row("a@example.com"), "a@example.com", is_text=False)
    assert attributes_hash(one) == attributes_hash(dict(reversed(one.items())))
    assert attributes_hash(one) != attributes_hash(
        profile(row("a@example.com", points=6), "a@example.com", is_text=False)
    )


def test_the_first_rows_alone_have_the_outcomes_that_they_have_among_all() -> None:
    whole, part = expected_of(SEGMENT), expected_of(SEGMENT, first=3_000)
    assert part.rows == 3_000
    assert part.good.items() <= whole.good.items()
    assert part.bad == {place for place in whole.bad if place[0].endswith("a.ndjson") or place[1] <= 1_000}
    assert expected_of(SEGMENT, first=0).rows == 0


def test_hostile_files_hold_the_rows_that_are_expected() -> None:
    spec = SampleSpec(400, seed=3)
    segment = SegmentSpec("hostile", {BLANKS: spec, MEMBERS: spec, QUOTES: spec})
    rows = {file: [row for _, row in segment.rows(file)] for file in segment.files}
    for file in (BLANKS, MEMBERS):
        unpacked = gzip.decompress(file_bytes(file, rows[file]))
        assert [orjson.loads(line) for line in unpacked.split(b"\n") if line] == rows[file]
    opened = [number for number, (kind, _) in enumerate(segment.rows(QUOTES), 1) if kind is Kind.BAD]
    table = file_bytes(QUOTES, rows[QUOTES]).decode().splitlines()[1:]
    assert opened
    assert [number for number, line in enumerate(table, 1) if line.startswith('"')] == opened
    assert sum('5"' in line for line in table) > 100
