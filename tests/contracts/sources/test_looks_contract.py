"""What a look at segments sees, of the fake and of blob storage alike."""

from collections.abc import AsyncGenerator, AsyncIterator
from datetime import timedelta

import pytest

from shared.domain.errors import ConfigurationError
from shared.domain.runs.plan import SegmentBlob
from shared.domain.sources.level import Level
from shared.domain.sources.new_data.segment_state import find_state
from shared.domain.sources.source_rules import SourceRules
from shared.pipeline.reading.segment_files import Answers
from shared.pipeline.reading.segment_folders import list_folders
from shared.ports import Segments
from tests.contracts.sources.segment_places import Place, place_in
from tests.domain.sources.models.writing import entity, model, partition

AT_ONCE = SourceRules(quiet=timedelta(0))
NAMES = ("Gold", "New", "Old", "VIP")


class _Counted:
    """Segments that note which files are read whole."""

    def __init__(self, segments: Segments) -> None:
        self._segments = segments
        self.read_files: list[str] = []
        self.read_range, self.listed = segments.read_range, segments.listed

    async def level(self, prefix: str) -> Level:
        return await self._segments.level(prefix)

    def read(self, blob: SegmentBlob) -> AsyncGenerator[bytes]:
        self.read_files.append(blob.name)
        return self._segments.read(blob)


@pytest.fixture
async def place(connection_string: str | None) -> AsyncIterator[Place]:
    async with place_in(connection_string) as made:
        yield made


async def _write(place: Place) -> None:
    files = {name: f"ci/{name}/2026/01/01/0000/{name}_1.csv" for name in NAMES}
    for file in files.values():
        await place.put(file, b"p@example.com\n")
    await place.put("ci/model.json", model(*(entity(name, [partition(file)]) for name, file in files.items())))


async def test_a_model_above_many_segments_is_read_once_for_a_list_of_them(place: Place) -> None:
    await _write(place)
    counted = _Counted(place.segments)
    found = [each async for each in list_folders(counted, rules=AT_ONCE)]
    assert [each.name for each in found] == [f"ci/{name}" for name in NAMES]
    assert all(each.source and each.source.model for each in found)
    assert counted.read_files == ["ci/model.json"]


async def test_a_model_that_cannot_be_read_is_a_problem_of_each_segment_and_read_once(place: Place) -> None:
    await _write(place)
    await place.put("ci/model.json", b'{"entities": [')
    counted = _Counted(place.segments)
    found = [each async for each in list_folders(counted, rules=AT_ONCE)]
    assert [each.problem and each.problem.code for each in found] == ["model_unreadable"] * len(NAMES)
    assert counted.read_files == ["ci/model.json"]


async def test_a_model_that_is_written_again_is_read_again(place: Place) -> None:
    await _write(place)
    counted = _Counted(place.segments)
    for _ in range(2):
        [_ async for _ in list_folders(counted, rules=AT_ONCE)]
        await _write(place)
    assert counted.read_files == ["ci/model.json"] * 2


async def test_a_state_is_the_same_until_a_file_is_written_again(place: Place) -> None:
    await _write(place)
    answers = Answers(place.segments)
    first = await answers.to(find_state("ci/VIP", AT_ONCE))
    assert (await answers.to(find_state("ci/VIP", AT_ONCE))).digest == first.digest
    await place.put("ci/VIP/2026/01/01/0000/VIP_1.csv", b"q@example.com\n")
    assert (await answers.to(find_state("ci/VIP", AT_ONCE))).digest != first.digest
    with pytest.raises(ConfigurationError):
        await answers.to(find_state("ci/Nobody", AT_ONCE))
