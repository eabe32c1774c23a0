"""Reads a file that was made up as a run does, and tells which promises the reading breaks."""

import csv
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from random import Random
from time import thread_time

import orjson

from shared.adapters.klaviyo.profiles import encode_profile
from shared.domain.batches.sorted_page import SortedPage
from shared.domain.config.mapping import Mapping
from shared.domain.dialects.evidence import Evidence
from shared.domain.dialects.file_top import FileTop
from shared.domain.dialects.find_dialect import find_dialects
from shared.domain.dialects.find_evidence import find_evidence
from shared.domain.errors import ConfigurationError
from shared.domain.profiles.column_check import check_columns
from shared.domain.profiles.sorter import Sorter
from shared.domain.rows.dialect import Dialect, FileFormat
from shared.domain.rows.file_reader import FileReader
from shared.domain.rows.rows import Page, Row, Unreadable
from tests.generated_files.made import ADDRESS, MARK, Made

ONE_LINE = frozenset({"unclosed_quote", "stray_quote", "ambiguous_quotes", "line_too_long"})
"""Reasons for which a line of a CSV file is refused alone."""


@dataclass
class Found:
    """What was read from a file; *refused* says why the file cannot be read, and is empty where it can."""

    dialect: Dialect | None = None
    refused: str = ""
    pages: list[Page] = field(default_factory=list)
    longest: float = 0.0

    @property
    def rows(self) -> list[tuple[int, Row | Unreadable]]:
        """Return the line of each row, and the row."""
        return [each for page in self.pages for each in zip(page.lines, page.rows, strict=True)]

    @property
    def notes(self) -> list[tuple[int, str]]:
        """Return for each note the row that it stands at or before, and its word."""
        return [(page.first_row + index, word) for page in self.pages for index, word in page.notes]


def broken_promises(file: Made, random: Random) -> tuple[Found, list[str]]:
    """Return what is read from *file*, and in words each promise that this breaks."""
    found = read(file, [file.data])
    broken = [*_as_in_pieces(file, found, random)]
    if found.refused:
        return found, broken + ([f"sure rows, and refused: {found.refused}"] if file.sure else [])
    profiles, more = _sorted(found, random)
    broken += more
    profiles = {email: text for email, text in profiles.items() if not _looks_meant(email, file, found)}
    broken += [f"{email} is nobody's" for email in profiles.keys() - file.emails if not _is_alone(email, file.text)]
    broken += [f"{email} is missing" for email in file.sure - profiles.keys()]
    for email, text in profiles.items():
        broken += _mixed(email, text)
    if file.text and found.dialect and found.dialect.format is FileFormat.CSV:
        broken += _lines_apart(file.text, found)
    return found, broken


def read(file: Made, pieces: Sequence[bytes]) -> Found:
    """Read *file*, which comes in *pieces*, as a run does."""
    found = Found()
    try:
        (finding,) = find_dialects([_evidence(file, pieces)], file.reading)
        if finding.problem is not None or finding.dialect is None:
            found.refused = finding.problem.code if finding.problem else "nothing"
            return found
        found.dialect = finding.dialect
        if finding.header is not None:
            check_columns(_mapping(), finding.header, "the file").require()
        reader = FileReader(file.name, finding.dialect, "email")
        for piece in pieces:
            _take(found, reader.feed(piece))
        _take(found, reader.close())
    except ConfigurationError as error:
        found.refused = error.sentence.code
    return found


def _evidence(file: Made, pieces: Iterable[bytes]) -> Evidence:
    top = FileTop()
    for piece in pieces:
        top.feed(piece)
    top.close()
    *_, evidence = find_evidence(file.name, top, file.reading)
    assert evidence is not None
    return evidence


def _take(found: Found, pages: Iterable[Page]) -> None:
    began = thread_time()
    for page in pages:
        found.longest = max(found.longest, thread_time() - began)
        found.pages.append(page)
        began = thread_time()


def _as_in_pieces(file: Made, found: Found, random: Random) -> Iterable[str]:
    """Read *file* once more, in pieces; the rows must be the same."""
    size = random.choice((1, 2, 3, 7, 64))
    other = read(file, [file.data[at : at + size] for at in range(0, len(file.data), size)])
    if (other.dialect, other.refused) != (found.dialect, found.refused):
        yield f"pieces of {size}: {other.dialect} {other.refused}, not {found.dialect} {found.refused}"
    elif not found.refused and (other.rows, other.notes) != (found.rows, found.notes):
        yield f"pieces of {size}: {other.rows} {other.notes}, not {found.rows} {found.notes}"
    numbers, expected = [page.first_row for page in found.pages], 1
    for page, number in zip(found.pages, numbers, strict=True):
        if number != expected:
            yield f"a page begins with row {number}, not {expected}"
        expected += len(page.rows)


def _sorted(found: Found, random: Random) -> tuple[dict[str, str], list[str]]:
    """Return the profiles by address, each as text, and what is wrong with the outcomes or with their replay."""
    sorter, again = _sorter(), _sorter()
    profiles: dict[str, str] = {}
    broken, first = [], 1
    for page in found.pages:
        result = SortedPage.of(page, sorter.sort(page.rows), first_row=first)
        numbers = [*result.profile_rows, *result.duplicates, *(row for row, _ in result.rejections)]
        if sorted(numbers) != list(range(first, first + len(page.rows))):
            broken.append(f"outcomes of rows {sorted(numbers)}, of {len(page.rows)} from {first} on")
        at = random.randrange(len(page.rows) + 1)
        again.learn(page.head(at).rows, page.longest_bytes)
        sent = [outcome for outcome in again.sort(page.after(at).rows).outcomes if isinstance(outcome, bytes)]
        if sent != result.profiles[bisect_left(result.profile_rows, first + at) :]:
            broken.append(f"a replay up to row {first + at} sends something else behind it")
        for profile in result.profiles:
            attributes = orjson.loads(profile)["attributes"]
            profiles[attributes["email"]] = orjson.dumps(attributes).decode()
        first += len(page.rows)
    return profiles, broken


def _is_alone(email: str, text: str) -> bool:
    """Tell whether a line has nothing but *email*: if quotes around it are broken, it is a short row."""
    return any(line.strip(' ,;|\t"') == email for line in re.split(r"[\r\n]", text))


def _looks_meant(email: str, file: Made, found: Found) -> bool:
    """Tell whether *email*, which no row has, stands in a row beyond doubt: a broken quote can make one of a text."""
    if email in file.emails or not any('"' in done for done in file.what) or not found.dialect:
        return False
    columns = next((len(row) for _, row in found.rows if isinstance(row, dict)), 0)
    reader = csv.reader(
        re.split(r"[\r\n]", file.text), delimiter=found.dialect.delimiter or ",", quoting=csv.QUOTE_NONE
    )
    rows = ([cell.strip() for cell in cells] for cells in reader)
    return any(len(cells) == columns and email in map(_bare, cells) and all(map(_is_clean, cells)) for cells in rows)


def _bare(cell: str) -> str:
    return cell.strip('"').strip().lower()


def _is_clean(cell: str) -> bool:
    return '"' not in cell or (cell[:1] == cell[-1:] == '"' and len(cell) > 1 and '"' not in cell[1:-1])


def _sorter() -> Sorter:
    return Sorter(_mapping(), phone_region=None, encode=encode_profile)


@cache
def _mapping() -> Mapping:
    return Mapping.written({"email": "email", "first_name": "name", "properties": {"note": "note"}})


def _mixed(email: str, profile: str) -> Iterable[str]:
    """Tell when a profile holds what belongs to another row."""
    others = {found[0] for found in ADDRESS.finditer(profile)} - {email, f"t{email[1:]}".replace("@r", "@t")}
    if others:
        yield f"{email} has {others}"
    numbers = {found[1] or found[2] for found in MARK.finditer(profile)} - {email[1 : email.index("@")]}
    if numbers:
        yield f"{email} has values of {numbers}"


def _lines_apart(text: str, found: Found) -> Iterable[str]:
    """Tell when the lines of a row hold other words than the row: each line must be in exactly one row."""
    dialect, rows = found.dialect, found.rows
    lines = text.split(dialect.line_end if dialect else "\n")
    starts = [line for line, _ in rows]
    if starts != sorted(set(starts)):
        yield f"rows on lines {starts}"
        return
    if not rows:
        return
    first = starts[0]
    if emails := [found[0] for found in ADDRESS.finditer("\n".join(lines[: first - 1]))]:  # names may have other words
        yield f"above the first row: {emails}"
    for (start, row), end in zip(rows, [*starts[1:], len(lines) + 1], strict=True):
        if isinstance(row, Unreadable):
            if row.reason in ONE_LINE and (lost := _words("\n".join(lines[start : end - 1]))):
                yield f"behind refused line {start}: {lost}"
        elif (written := _words("\n".join(lines[start - 1 : end - 1]))) != (read_ := _words("\n".join(row.values()))):
            yield f"lines {start} to {end - 1} have {written}, the row has {read_}"


def _words(text: str) -> Counter[str]:
    return Counter(found[0] for pattern in (ADDRESS, MARK) for found in pattern.finditer(text))
