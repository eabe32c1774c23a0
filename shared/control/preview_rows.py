"""The way of a few rows to profiles that nobody gets: what a preview shows."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from shared.domain.config.export import Export
from shared.domain.config.limits import Limits
from shared.domain.rows.rows import Page
from shared.domain.runs.batch import Batch
from shared.domain.runs.plan import Plan
from shared.domain.runs.rejection import Rejection
from shared.domain.runs.run import Run
from shared.pipeline.export.export_segment import Sorter
from shared.ports import Encoder


@dataclass(frozen=True, slots=True)
class Shown:
    """One row as it would be sent: where it stands, and the attributes of its profile."""

    blob: str
    row: int
    attributes: dict[str, Any]


class SampledRows:
    """The rows of a sample, which go the very same way as in a run, but to nobody; mutable."""

    def __init__(self, export: Export, encoder: Encoder, now: datetime) -> None:
        plan = Plan((), export.mapping, export.phone_region, Limits(max_rejected_share=1), export.list_id, "", "", None)
        run = Run(id="preview", export_id=export.id, trigger="preview", created_at=now)
        self._sorter = Sorter(plan, encoder, run)
        self._batches = list[Batch]()
        self._shown: set[tuple[str, int]] = set()
        self._to_show = 0
        self.rows = 0

    @property
    def shown_rows(self) -> int:
        """Return how many rows are shown, duplicates among them."""
        return len(self._shown)

    @property
    def profiles(self) -> int:
        """Return how many rows would be sent."""
        return sum(len(batch) for batch in self._batches)

    @property
    def rejected(self) -> int:
        """Return how many rows would be rejected."""
        return sum(len(batch.rejections) for batch in self._batches)

    @property
    def duplicates(self) -> int:
        """Return how many rows have an e-mail address that came before."""
        return sum(batch.duplicates for batch in self._batches)

    @property
    def left_out(self) -> Counter[str]:
        """Return how many values cannot be sent, by field."""
        return sum((Counter(batch.left_out) for batch in self._batches), Counter[str]())

    @property
    def payload_bytes(self) -> int:
        """Return how long the profiles are together, as they would be sent."""
        return sum(len(batch.payload) + 1 for batch in self._batches if len(batch))

    def show(self, rows: int) -> None:
        """Show so many of the rows that come next."""
        self._to_show = rows

    def take(self, page: Page) -> None:
        """Take the next rows."""
        self.rows += len(page.rows)
        seen = min(self._to_show, len(page.rows))
        self._shown.update((page.blob, page.first_row + index) for index in range(seen))
        self._to_show -= seen
        self._batches += self._sorter.sort(page)

    def end(self) -> None:
        """Take note that no more rows come."""
        if (last := self._sorter.cut()) is not None:
            self._batches.append(last)

    def shown(self) -> tuple[list[Shown], list[Rejection]]:
        """Return what became of the rows that are shown, but for duplicates."""
        profiles = [
            Shown(*at, orjson.loads(batch.profile(index))["attributes"])
            for batch in self._batches
            for index, row in enumerate(batch.rows)
            if (at := batch.locate(row)) in self._shown
        ]
        rejections = [
            each for batch in self._batches for each in batch.rejections if (each.blob, each.row) in self._shown
        ]
        return profiles, rejections
