"""Looks at the tops of files as the app does."""

from collections.abc import Iterable, Sequence

from shared.domain.config.reading import Reading
from shared.domain.dialects.evidence import Evidence, FileFinding
from shared.domain.dialects.file_top import FileTop
from shared.domain.dialects.find_dialect import find_dialects
from shared.domain.dialects.find_evidence import find_evidence
from shared.domain.rows.dialect import Dialect
from shared.domain.rows.file_reader import FileReader
from tests.domain.rows.feeding import Found, found


def top_of(pieces: Iterable[bytes]) -> FileTop:
    top = FileTop()
    for piece in pieces:
        top.feed(piece)
    top.close()
    return top


def evidence_of(name: str, data: bytes | str, reading: Reading | None = None) -> Evidence:
    data = data.encode() if isinstance(data, str) else data
    *pauses, evidence = find_evidence(name, top_of([data]), reading)
    assert evidence is not None
    assert pauses == [None] * len(pauses)
    return evidence


def findings(files: Sequence[tuple[str, bytes | str]], reading: Reading | None = None) -> list[FileFinding]:
    return [*find_dialects([evidence_of(name, data, reading) for name, data in files], reading)]


def finding(data: bytes | str, name: str = "a.csv", reading: Reading | None = None) -> FileFinding:
    (only,) = findings([(name, data)], reading)
    assert only.name == name
    return only


def dialect(data: bytes | str, name: str = "a.csv", reading: Reading | None = None) -> Dialect:
    found = finding(data, name, reading)
    assert found.problem is None, found.problem
    assert found.dialect is not None
    return found.dialect


def problem(data: bytes | str, name: str = "a.csv", reading: Reading | None = None) -> tuple[str, str]:
    """Return the code and the words of the problem for which a file cannot be read."""
    found = finding(data, name, reading)
    assert found.problem is not None
    assert found.dialect is None
    return found.problem.code, found.problem.detail


def warnings(data: bytes | str, name: str = "a.csv", reading: Reading | None = None) -> list[str]:
    return [warning.detail for warning in finding(data, name, reading).warnings]


def rows_found(data: bytes, name: str) -> list[Found]:
    """Return the rows of a file, read in the dialect that was found out."""
    reader = FileReader(name, dialect(data, name))
    return [found(row) for page in (*reader.feed(data), *reader.close()) for row in page.rows]
