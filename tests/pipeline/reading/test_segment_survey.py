"""A look at the top of each file of a segment."""

import pytest

from shared.domain.config.reading import Reading
from shared.domain.dialects.file_top import TOP_BYTES
from shared.domain.errors import ConfigurationError, SourceChanged
from shared.domain.rows.dialect import Dialect, FileFormat
from shared.pipeline.reading.few_at_once import AT_ONCE
from shared.pipeline.reading.segment_survey import SurveyedSegment, survey_segment
from tests.builders import csv_file, ndjson, packed, people
from tests.fakes.clock import FakeClock
from tests.fakes.segments import MemorySegments

CSV = csv_file(people(3))


async def survey(
    blobs: dict[str, bytes],
    *,
    reading: Reading | None = None,
    email_column: str | None = "EMail",
    most_files: int | None = None,
) -> SurveyedSegment:
    segments = MemorySegments({f"vip/{name}": body for name, body in blobs.items()})
    found = await survey_segment(
        "vip",
        reading or Reading(),
        email_column=email_column,
        segments=segments,
        clock=FakeClock(),
        most_files=most_files,
    )
    assert segments.open_reads == 0
    return found


def names(found: SurveyedSegment) -> list[str]:
    return [file.blob.name.removeprefix("vip/") for file in found.files]


def codes(found: SurveyedSegment) -> list[str]:
    return [warning.code for warning in found.warnings]


async def test_each_file_is_read_as_it_is_written() -> None:
    semicolons = CSV.replace(b",", b";")
    found = await survey({"1.csv": CSV, "2.csv": semicolons, "3.ndjson": ndjson(people(2)), "4.csv.gz": packed(CSV)})
    assert [file.dialect for file in found.files] == [
        Dialect(FileFormat.CSV),
        Dialect(FileFormat.CSV, delimiter=";"),
        Dialect(FileFormat.NDJSON),
        Dialect(FileFormat.CSV, is_packed=True),
    ]
    assert [file.header for file in found.files] == [("EMail", "FirstName")] * 2 + [None, ("EMail", "FirstName")]
    assert (found.files[2].names, found.columns) == (("EMail", "FirstName"), ["EMail", "FirstName"])
    assert (found.problems, found.warnings, found.count) == ([], [], 4)


async def test_a_file_without_evidence_is_read_as_the_others() -> None:
    found = await survey({"1.csv": b"EMail;FirstName\n", "2.csv": CSV.replace(b",", b";")})
    assert [file.header for file in found.files] == [("EMail", "FirstName")] * 2


async def test_the_second_part_without_a_header_is_a_problem_and_the_first_one_is_not() -> None:
    found = await survey({"1.csv": CSV, "2.csv": CSV.partition(b"\n")[2]})
    assert [problem.code for problem in found.problems] == ["no_header"]
    assert found.problems[0].params["file"] == "vip/2.csv"
    with pytest.raises(ConfigurationError, match="its first line looks like data"):
        found.require()


async def test_what_the_export_says_of_its_files_wins() -> None:
    body = "EMail;Імя\np1@example.com;Ганна\n".encode("cp1251")
    found = await survey({"1.csv": body}, reading=Reading(encoding="windows-1251", delimiter=";"))
    assert (found.problems, found.files[0].header) == ([], ("EMail", "Імя"))
    refused = await survey({"1.csv": body})
    assert [problem.code for problem in refused.problems] == ["not_utf8"]
    assert "windows-125" in str(refused.problems[0])


@pytest.mark.parametrize(
    ("name", "body", "is_read"),
    [
        ("customers.json", ndjson(people(2)), True),
        ("customers.json", b"[" + ndjson(people(2)).strip().replace(b"\n", b",\n") + b"]", True),
        ("customers.txt", CSV, True),
        ("part-00000", CSV, True),
        ("manifest.json", b'{"files": ["1.csv"], "rows": 3}', False),
        ("notes.txt", b"Please read this.\n", False),
        ("broken.json", b'{"EMail": ', False),
        ("page.txt", b"<!doctype html><html></html>", False),
    ],
)
async def test_a_file_that_may_be_data_is_read_where_it_has_the_email_column(
    name: str, body: bytes, is_read: bool
) -> None:
    found = await survey({"1.csv": CSV, name: body})
    assert found.problems == []
    if is_read:
        assert (names(found), codes(found), found.count) == (["1.csv", name], [], 2)
        assert found.bytes == len(CSV) + len(body)
    else:
        assert (names(found), codes(found), found.count) == (["1.csv"], ["files_passed_over"], 1)
        assert f"'{name}'" in found.warnings[0].detail


async def test_files_are_read_in_the_order_of_their_names_whatever_says_that_they_are_data() -> None:
    found = await survey({"b.csv": CSV, "a.json": ndjson(people(1)), "c.txt": CSV})
    assert names(found) == ["a.json", "b.csv", "c.txt"]


async def test_without_a_mapping_no_doubtful_file_is_taken_for_data() -> None:
    found = await survey({"1.csv": CSV, "customers.json": ndjson(people(1))}, email_column=None)
    assert (names(found), codes(found)) == (["1.csv"], ["files_passed_over"])


@pytest.mark.parametrize(("name", "body"), [("1.csv.gz", CSV), ("1.csv", packed(CSV))])
async def test_a_name_that_says_the_wrong_thing_about_gzip_is_a_warning_that_names_the_file(
    name: str, body: bytes
) -> None:
    found = await survey({name: body})
    assert (found.problems, found.files[0].header) == ([], ("EMail", "FirstName"))
    (warning,) = found.warnings
    assert f"vip/{name}" in warning.detail


async def test_only_some_files_are_looked_at_where_that_is_enough() -> None:
    found = await survey({f"{number:03}.csv": CSV for number in range(30)}, most_files=10)
    assert (len(found.files), found.count, found.bytes) == (10, 30, 30 * len(CSV))


async def test_no_more_is_read_of_a_file_than_its_top() -> None:
    body = csv_file(people(50_000))
    segments = MemorySegments({f"vip/{n:02}.csv": body for n in range(2 * AT_ONCE)}, piece_bytes=TOP_BYTES)
    await survey_segment("vip", Reading(), email_column="EMail", segments=segments, clock=FakeClock())
    assert segments.faults.calls["read"] == 2 * AT_ONCE


async def test_a_file_that_changes_meanwhile_is_told() -> None:
    segments = MemorySegments({"vip/1.csv": csv_file(people(5_000))}, piece_bytes=1_000)
    segments.change("vip/1.csv", CSV, after_pieces=2)
    with pytest.raises(SourceChanged, match=r"vip/1\.csv"):
        await survey_segment("vip", Reading(), email_column="EMail", segments=segments, clock=FakeClock())


async def test_an_empty_file_is_no_problem() -> None:
    found = await survey({"1.csv": b"", "2.csv": CSV, "3.ndjson": b"", "4.csv.gz": b""})
    assert (found.problems, names(found)) == ([], ["1.csv", "2.csv", "3.ndjson", "4.csv.gz"])
