"""Sample segments are what the app reads, however they lie; the rows are always the same."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from local.__main__ import main
from local.layouts import LayoutName, SampleFolder
from local.samples import FORMATS, MAPPING, Kind, SampleSpec, sample_rows
from shared.domain.runs.run import RunStatus
from tests.builders import World, checked

SPEC = SampleSpec(101, bad=3, duplicates=3)
PLACES = [
    *((layout, each) for layout in (LayoutName.FLAT, LayoutName.DATED) for each in FORMATS),
    (LayoutName.CUSTOMER_INSIGHTS, "csv"),
]


@pytest.mark.parametrize(("layout", "file_format"), PLACES)
async def test_the_rows_of_a_sample_segment_reach_the_list(layout: LayoutName, file_format: str) -> None:
    folder = SampleFolder("vip", SPEC, layout, file_format, datetime(2026, 1, 1, 6, tzinfo=UTC))
    blobs = {name: b"".join(blocks) for name, blocks in folder.files()}
    mapping = {**MAPPING, "properties": {"points": "Points"}}
    world = World(blobs, export={"mapping": mapping, "segments": [folder.segment], "phone_region": "UA"})
    run = checked(await world.whole_run())
    kinds = [kind for kind, _ in sample_rows(SPEC)]
    assert run.status is RunStatus.PARTIAL
    assert (run.tally.read, run.tally.duplicates) == (len(kinds), kinds.count(Kind.DUPLICATE))
    assert run.tally.accepted == len(kinds) - kinds.count(Kind.DUPLICATE) - kinds.count(Kind.BAD)
    assert sum(run.left_out.values()) == 0 or set(run.left_out) <= {"phone_number"}
    points = [member["properties"]["points"] for member in world.sink.members().values()]
    is_text = layout is LayoutName.CUSTOMER_INSIGHTS or file_format != "csv"
    assert all(isinstance(each, int) is is_text for each in points)


def test_a_folder_is_written_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["segment", "--rows", "9", "--layout", "customer-insights", "--into", str(tmp_path)]
    assert main(words) == 0
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in written} == {"vip_1.csv", "vip_2.csv", "model.json"}
    said = capsys.readouterr().out.split()
    assert (sorted(said), said[-1]) == (sorted(map(str, written)), str(next(tmp_path.rglob("model.json"))))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--layout", "dated"], "--into"),
        (["--into", "x"], "--layout"),
        (["--layout", "customer-insights", "--into", "x", "--format", "parquet"], "Customer Insights writes CSV"),
    ],
)
def test_what_does_not_go_together_is_said(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["segment", "--rows", "3", *words]) == 1
    assert said in capsys.readouterr().err
