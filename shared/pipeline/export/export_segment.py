"""The spine: the way of every row from its blob to Klaviyo.

blob → page of rows → profile or rejection → duplicate? → batch → window → import job accepted → checkpoint.
"""

from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

from shared.domain.errors import Conflict, ExportError, Fatal, LeaseLost
from shared.domain.events import BatchTaken
from shared.domain.profiles.row_mapper import Refusal, RowMapper
from shared.domain.profiles.seen_emails import SeenEmails
from shared.domain.rows.data_files import BlobRows
from shared.domain.rows.rows import Page, Row, Unreadable
from shared.domain.runs.batch import Batch, Batcher, SortedPage
from shared.domain.runs.checkpoint import CheckpointTracker
from shared.domain.runs.isolation import IsolationBudget
from shared.domain.runs.plan import Plan
from shared.domain.runs.receipt import Sent
from shared.domain.runs.receipt_collector import ReceiptCollector
from shared.domain.runs.rejection import Rejection
from shared.domain.runs.run import Run
from shared.pipeline.export.checkpointer import Checkpointer
from shared.pipeline.export.window import Window
from shared.pipeline.reading.column_search import missing_columns
from shared.pipeline.reading.pages import read_pages
from shared.pipeline.watching.watch import watching
from shared.ports import Clock, Encoder, EventListener, Segments, Sink
from shared.store.run_saver import RunSaver
from shared.store.store import Store

MAX_PROFILE_BYTES = 100_000
"""Klaviyo takes at most 100 KB a profile (its OpenAPI, revision 2026-10-15)."""


class BrakePulled(Fatal):
    """The run would do more than the limits of its export allow."""

    reason = "limit_reached"


@dataclass(frozen=True, slots=True)
class Tools:
    """What a leg works with; it takes no more rows from *deadline* on (monotonic seconds).

    *fence* raises `LeaseLost` when the account may be somebody else's by now.
    """

    store: Store
    segments: Segments
    sink: Sink
    clock: Clock
    events: EventListener
    deadline: float
    requests_in_flight: int
    fence: Callable[[], None]


async def export_segment(saver: RunSaver, plan: Plan, tools: Tools) -> bool:
    """Send the rows behind the checkpoint; return True at the end of the source, False when the time is used up.

    Raises `SourceChanged`, `StopAsked`, `Fatal`, `Retryable` and `Conflict`; whatever Klaviyo took until then in the
    order of rows is behind the saved checkpoint.
    """
    run = saver.run
    tracker = CheckpointTracker(run.checkpoint, run.tally)
    checkpointer = Checkpointer(saver, tracker, tools.store.parts, tools.clock)
    budget = IsolationBudget(run.isolation_requests)
    sorter = Sorter(plan, tools.sink, run)

    def fence() -> None:
        saver.fence()
        tools.fence()
        window.check_wanted()

    async def send(batch: Batch, collector: ReceiptCollector) -> Sent:
        sorter.check_limits()  # Klaviyo may have refused too many since the batch was cut
        began = tools.clock.monotonic()
        sent = await tools.sink.send(batch, list_id=plan.list_id, budget=budget, collector=collector, fence=fence)
        sorter.note_refused(sent.rejections)
        refused, seconds = len(sent.rejections), round(tools.clock.monotonic() - began, 1)
        taken = BatchTaken(run.export_id, run.id, run.legs, batch.number, len(batch) - refused, refused, seconds)
        tools.events.tell(taken)
        return sent

    async def send_all(window: Window, pages: AsyncGenerator[Page]) -> bool:
        async for page in pages:
            window.check()
            for batch in sorter.sort(page):
                await window.put(batch)
            if tools.clock.monotonic() >= tools.deadline and not sorter.is_replaying:  # every leg makes progress
                return False
        return True

    window = Window(send, tracker, checkpointer, size=tools.requests_in_flight)
    try:
        async with (
            watching(saver, plan, tools.store, tools.clock, window, deadline=tools.deadline),
            window,
            aclosing(_pages(plan, tools, checkpointer)) as pages,
        ):
            at_end = await send_all(window, pages)
            if (last := sorter.cut()) is not None:  # a batch without profiles has rows as well
                await window.put(last)
    except (Conflict, LeaseLost):
        raise
    except ExportError:
        await checkpointer.save_strays(isolation_requests=budget.spent)
        raise
    return at_end


async def _pages(plan: Plan, tools: Tools, checkpointer: Checkpointer) -> AsyncGenerator[Page]:
    """Yield every page of the source, in order, up to the limit of the plan."""
    left = plan.limit
    for blob in plan.blobs:
        reader = BlobRows(blob.name)
        columns_checked = False
        pages = read_pages(
            blob, reader, segments=tools.segments, clock=tools.clock, on_bytes=checkpointer.note_bytes_read
        )
        async with aclosing(pages):
            async for page in pages:
                if not columns_checked and reader.columns is not None:
                    missing_columns(plan.mapping, reader.columns, f"File '{blob.name}'")
                    columns_checked = True
                if left is not None:
                    page = replace(page, rows=page.rows[:left])  # noqa: PLW2901 - no row behind the limit goes on
                    left -= len(page.rows)
                yield page
                if left == 0:
                    return


class Sorter:
    """Turns rows into batches: maps, refuses, finds duplicates, gathers; mutable.

    Rows up to the checkpoint of *run* are only gone through to know again which e-mail addresses they had.
    """

    def __init__(self, plan: Plan, encoder: Encoder, run: Run) -> None:
        self._mapper = RowMapper(plan.mapping, phone_region=plan.phone_region)
        self._encode = encoder.encode
        self._seen = SeenEmails(expected=plan.expected_rows())
        self._limits = plan.limits
        self._checkpoint_row = self._to_replay = run.checkpoint.row
        self._reasons: Counter[str] = Counter()
        self._read = run.checkpoint.row
        self._batcher = Batcher(
            max_profiles=encoder.max_profiles,
            max_bytes=encoder.max_bytes(plan.list_id),
            number=run.checkpoint.batches + 1,
            row=run.checkpoint.row + 1,
        )
        self._rejected = run.tally.rejected

    @property
    def is_replaying(self) -> bool:
        """Tell whether no row behind the checkpoint was taken yet."""
        return self._read == self._checkpoint_row

    def sort(self, page: Page) -> Iterator[Batch]:
        """Take the rows of *page*; yield each batch that they fill. Raises `BrakePulled` before a limit is passed."""
        to_replay = min(self._to_replay, len(page.rows))
        if to_replay:
            self._replay(page.rows[:to_replay])
        if to_replay < len(page.rows):
            sorted_page = self._sort(page, skip=to_replay)
            self.check_limits()
            yield from self._batcher.take(sorted_page)

    def cut(self) -> Batch | None:
        """Return the rows since the last batch as a batch, or None when there are none."""
        return self._batcher.cut()

    def note_refused(self, rejections: Sequence[Rejection]) -> None:
        """Count rows that Klaviyo refused."""
        self._rejected += len(rejections)
        self._reasons.update(rejection.reason for rejection in rejections)

    def check_limits(self) -> None:
        """Raise `BrakePulled` when the rows so far are more, or more of them were refused, than the export allows."""
        if breach := self._limits.breach(read=self._read, rejected=self._rejected):
            reasons = ", ".join(f"{reason} {count:,}" for reason, count in self._reasons.most_common(5))
            why = f" Reasons since the run was last taken up: {reasons}." if reasons else ""
            raise BrakePulled(
                f"The run was stopped: {breach}.{why} Nothing more was sent; mend the segment or the limits."
            )

    def _replay(self, rows: list[Row | Unreadable]) -> None:
        for _ in self._profiles(rows):
            self._mapper.left_out.clear()
        self._to_replay -= len(rows)

    def _sort(self, page: Page, *, skip: int) -> SortedPage:
        rows = page.rows[skip:] if skip else page.rows
        into = SortedPage(page.blob, page.first_row + skip, self._read + 1, len(rows))
        left_out = self._mapper.left_out
        for number, profile in enumerate(self._profiles(rows), self._read + 1):
            if isinstance(profile, bytes):
                into.profiles.append(profile)
                into.profile_rows.append(number)
            elif profile is None:
                into.duplicates.append(number)
            else:
                into.rejections.append((number, self._rejection(into, number, profile)))
            if left_out:
                if isinstance(profile, bytes):  # of rows that go, those without these values
                    into.left_out += [(number, name) for name in left_out]
                left_out.clear()
        self._read += len(rows)
        return into

    def _profiles(self, rows: list[Row | Unreadable]) -> Iterator[bytes | Refusal | None]:
        """Yield for each row its encoded profile, why it is refused, or None when its e-mail address came before."""
        map_row, encode, is_new = self._mapper.map, self._encode, self._seen.add
        for row, email in zip(rows, self._mapper.emails(rows), strict=True):
            if isinstance(row, Unreadable):
                yield Refusal(row.reason, row.detail, {})
                continue
            mapped = map_row(row, email)
            if isinstance(mapped, Refusal):
                yield mapped
                continue
            profile = encode(mapped)
            if len(profile) > MAX_PROFILE_BYTES:
                yield _too_large(profile, mapped)
            else:
                yield profile if is_new(mapped["email"]) else None

    def _rejection(self, page: SortedPage, row: int, refusal: Refusal) -> Rejection:
        self._rejected += 1
        self._reasons[refusal.reason] += 1
        in_blob = page.row_in_blob + row - page.first_row
        return Rejection(page.blob, in_blob, refusal.reason, refusal.detail, fields=refusal.fields)


def _too_large(profile: bytes, mapped: Mapping[str, Any]) -> Refusal:
    detail = f"The profile has {len(profile):,} bytes; Klaviyo takes at most {MAX_PROFILE_BYTES:,}."
    return Refusal("profile_too_large", detail, {"email": mapped["email"]})
