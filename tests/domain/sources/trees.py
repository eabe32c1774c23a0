"""Answers what a decision about a source asks for, out of a list of blobs."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from shared.domain.sources.find_source import find_source
from shared.domain.sources.level import Asking, BytesOf, Level, LevelOf, OnceOf
from shared.domain.sources.listed_blob import ListedBlob
from shared.domain.sources.segment_source import SegmentSource
from shared.domain.sources.source_rules import USUAL_RULES
from tests.domain.sources.listing import DAY, listed

NOW = DAY + timedelta(days=1)
"""What the storage's clock says; the blobs are a day older."""
_Answer = TypeVar("_Answer")


class Tree:
    """Blobs in folders, and a count of what was asked for; mutable."""

    def __init__(self, blobs: Iterable[ListedBlob | str], *, at: datetime = NOW) -> None:
        made = [listed(blob) if isinstance(blob, str) else blob for blob in blobs]
        self.blobs = {blob.name: blob for blob in sorted(made, key=lambda blob: blob.name.encode())}
        self.bodies: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.turns = 0
        """How often other tasks could have run."""
        self._at = at

    def put(self, name: str, body: bytes, **more: Any) -> None:
        """Add a blob with a *body*."""
        self.bodies[name] = body
        self.blobs[name] = listed(name, len(body), **more)

    def level(self, prefix: str) -> Level:
        """Return what lies directly below *prefix*."""
        above = prefix.rfind("/") + 1
        below = [blob for name, blob in self.blobs.items() if name.startswith(prefix)]
        folders = dict.fromkeys(
            step for blob in below for step, slash, _ in [blob.name[above:].partition("/")] if slash
        )
        return Level(prefix, tuple(blob for blob in below if "/" not in blob.name[above:]), tuple(folders), self._at)

    def answer(self, asking: Asking[_Answer]) -> _Answer:
        """Return what comes of *asking*."""
        given: object = None
        while True:
            try:
                ask = asking.send(given)
            except StopIteration as done:
                return done.value  # type: ignore[no-any-return]  # a generator returns anything
            match ask:
                case LevelOf(prefix):
                    self.asked.append(prefix)
                    given = self.level(prefix)
                case BytesOf(blob):
                    self.asked.append(blob.name)
                    given = self.bodies[blob.name]
                case OnceOf():
                    given = self.answer(ask.work())
                case None:
                    self.turns += 1
                    given = None

    def source(self, **more: Any) -> SegmentSource:
        """Return the source of segment ``vip``."""
        return self.answer(find_source("vip", more.pop("rules", USUAL_RULES), **more))
