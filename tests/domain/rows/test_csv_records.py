"""Lines of CSV, joined into records."""

import csv

import pytest
from hypothesis import given

from shared.domain.rows.csv_records import RecordGatherer
from shared.domain.rows.lines import MAX_LINE_BYTES
from shared.domain.rows.rows import Unreadable
from tests.domain.rows.feeding import rough_files


@given(rough_files)
def test_every_line_of_a_rough_file_is_in_a_row_and_no_row_is_read_twice(text: str) -> None:
    """Each record is one line or a few whole lines, in order; a line that is refused alone stands for itself."""
    lines = text.encode().split(b"\n")
    gatherer = RecordGatherer(b",")
    records = [*gatherer.feed(list(lines)), *gatherer.close()]

    place = 0
    for record in records:
        if isinstance(record, Unreadable):
            assert b'"' in lines[place]
            place += 1
        else:
            count = record.count(b"\n") + 1
            assert record == b"\n".join(lines[place : place + count])
            place += count
            if count > 1:
                assert _is_csv(record)
    assert place == len(lines)


def _is_csv(record: bytes) -> bool:
    try:
        return len(list(csv.reader([record.decode()], strict=True))) == 1
    except csv.Error as error:
        return "new-line" in str(error)  # a stray carriage return: one bad row, refused as a whole


@pytest.mark.parametrize("line", [b'a","', b',"', b'"', b'x,"y', b'",'])
def test_quotes_that_stay_open_line_after_line_are_not_looked_at_again_and_again(line: bytes) -> None:
    """An unclosed quote is refused and what is behind it read anew: each line a few times, not once for each other."""
    looks = 0

    class CountingGatherer(RecordGatherer):
        def _end(self, line: bytes, *, in_quotes: bool) -> object:  # type: ignore[override] # the same, counted
            nonlocal looks
            looks += 1
            return super()._end(line, in_quotes=in_quotes)

    lines = [line] * (5 * MAX_LINE_BYTES // 4 // (len(line) + 1))
    gatherer = CountingGatherer(b",")
    records = [*gatherer.feed(list(lines)), *gatherer.close()]

    assert sum(1 if isinstance(record, Unreadable) else record.count(b"\n") + 1 for record in records) == len(lines)
    assert looks <= 4 * len(lines)
