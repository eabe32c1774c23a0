"""Lists what a decision about the source of a segment asks for."""

import asyncio
from contextlib import aclosing
from typing import TypeVar

from shared.domain.sources.find_source import find_source
from shared.domain.sources.level import Asking, BytesOf, Level, LevelOf
from shared.domain.sources.models.model_file import MODEL
from shared.domain.sources.segment_files import SegmentFiles
from shared.domain.sources.source_rules import USUAL_RULES, SourceRules
from shared.ports import Segments

_Answer = TypeVar("_Answer")


async def list_files(segment: str, segments: Segments, rules: SourceRules = USUAL_RULES) -> SegmentFiles:
    """Return the files of *segment*; raises as `find_source`, and `Retryable`."""
    return (await answered(find_source(segment, rules), segments)).files


async def answered(asking: Asking[_Answer], segments: Segments) -> _Answer:
    """Return what comes of *asking*, with the answers of *segments*; raises as both."""
    return await Answers(segments).to(asking)


class Answers:
    """Answers what decisions about several segments ask for; mutable.

    The models above them are looked for once; of the files that were read, the last one is kept.
    """

    def __init__(self, segments: Segments) -> None:
        self._segments = segments
        self._levels: dict[str, Level] = {}
        self._one_at_a_time = asyncio.Lock()
        self._last: tuple[str, str, bytes] = ("", "", b"")

    async def to(self, asking: Asking[_Answer]) -> _Answer:
        """Return what comes of *asking*; raises as *asking* and the segments."""
        answer: object = None
        while True:
            try:
                ask = asking.send(answer)
            except StopIteration as done:
                return done.value  # type: ignore[no-any-return]  # a generator returns anything
            answer = await self._answer(ask)

    async def _answer(self, ask: LevelOf | BytesOf | None) -> object:
        match ask:
            case LevelOf(prefix) if prefix.endswith(MODEL):
                async with self._one_at_a_time:
                    if prefix not in self._levels:
                        self._levels[prefix] = await self._segments.level(prefix)
                return self._levels[prefix]
            case LevelOf(prefix):
                return await self._segments.level(prefix)
            case BytesOf(blob):
                if self._last[:2] != (blob.name, blob.etag):
                    async with aclosing(self._segments.read(blob)) as pieces:
                        self._last = blob.name, blob.etag, b"".join([piece async for piece in pieces])
                return self._last[2]
            case None:
                await asyncio.sleep(0)
                return None
