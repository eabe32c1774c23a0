"""Lists what a decision about the source of a segment asks for."""

import asyncio
from contextlib import aclosing
from typing import TypeVar

from shared.domain.errors import ConfigurationError
from shared.domain.sources.find_source import find_source
from shared.domain.sources.level import Asking, BytesOf, Level, LevelOf, OnceOf
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

    The models above them are looked for once, and what took long is kept: what was asked for last.
    """

    def __init__(self, segments: Segments) -> None:
        self._segments = segments
        self._levels: dict[str, Level] = {}
        self._one_at_a_time = asyncio.Lock()
        self._last: tuple[tuple[str, str], object] | None = None
        self._long_work = asyncio.Lock()

    async def to(self, asking: Asking[_Answer]) -> _Answer:
        """Return what comes of *asking*; raises as *asking* and the segments."""
        answer: object = None
        while True:
            try:
                ask = asking.send(answer)
            except StopIteration as done:
                return done.value  # type: ignore[no-any-return]  # a generator returns anything
            answer = await self._answer(ask)

    async def _answer(self, ask: LevelOf | BytesOf | OnceOf | None) -> object:
        match ask:
            case LevelOf(prefix) if prefix.endswith(MODEL):
                async with self._one_at_a_time:
                    if prefix not in self._levels:
                        self._levels[prefix] = await self._segments.level(prefix)
                return self._levels[prefix]
            case LevelOf(prefix):
                return await self._segments.level(prefix)
            case BytesOf(blob):
                async with aclosing(self._segments.read(blob)) as pieces:
                    return b"".join([piece async for piece in pieces])
            case OnceOf():
                return await self._once(ask)
            case None:
                await asyncio.sleep(0)
                return None

    async def _once(self, ask: OnceOf) -> object:
        """Return what comes of the work; what is wrong with a file is found out once as well."""
        version = ask.blob.name, ask.blob.etag
        async with self._long_work:
            if self._last is None or self._last[0] != version:
                self._last = None
                try:
                    self._last = version, await self.to(ask.work())
                except ConfigurationError as error:
                    self._last = version, error
            _, found = self._last
        if isinstance(found, ConfigurationError):
            raise ConfigurationError(found.sentence)
        return found
