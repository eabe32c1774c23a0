"""The way of every row from its blob to Klaviyo, from top to bottom.

blob → page of rows → profile, duplicate or rejection → brake → batch → window → import job accepted → checkpoint.
The brake holds the first batches back until it has judged the first rows.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, replace

from shared.domain.batches.batch import Batch
from shared.domain.batches.batcher import Batcher
from shared.domain.batches.held_batches import HeldBatches
from shared.domain.batches.sorted_page import SortedPage
from shared.domain.errors import Conflict, ExportError, LeaseLost, RunLeaseLost
from shared.domain.events import BatchTaken
from shared.domain.profiles.column_check import check_columns, in_file
from shared.domain.profiles.sorter import Sorter
from shared.domain.profiles.value_notes import ValueNotes
from shared.domain.rows.dialect import FileFormat
from shared.domain.rows.file_reader import FileReader
from shared.domain.rows.rows import Page
from shared.domain.runs.brake import Brake
from shared.domain.runs.checkpoint import CheckpointTracker
from shared.domain.runs.isolation_budget import IsolationBudget
from shared.domain.runs.plan import FileToRead, Plan
from shared.domain.runs.receipt import Sent
from shared.domain.runs.receipt_collector import ReceiptCollector
from shared.domain.runs.run import Checkpoint
from shared.pipeline.export.checkpointer import Checkpointer
from shared.pipeline.export.send_window import Window
from shared.pipeline.reading.columns.parquet_pages import read_parquet
from shared.pipeline.reading.pages import read_pages
from shared.pipeline.watching.watch import Watch
from shared.ports import Clock, Encoder, EventListener, Segments, Sink
from shared.store.run_saver import RunSaver
from shared.store.store import Store


@dataclass(frozen=True, slots=True)
class Tools:
    """What a leg works with.

    From *deadline* on (monotonic seconds) the leg takes no more rows.
    *fence* raises `AccountLeaseLost` when another leg may have the lease of the account by now.
    """

    store: Store
    segments: Segments
    sink: Sink
    clock: Clock
    events: EventListener
    deadline: float
    requests_in_flight: int
    fence: Callable[[], None]
    watch: Watch


async def export_segment(saver: RunSaver, plan: Plan, tools: Tools) -> ValueNotes | None:
    """Send the rows after the checkpoint; return None when the time is used up before the end of the source.

    At the end of the source, return what was noted behind its last row; no checkpoint has counted that.

    Raises `BrakePulled`, `SourceChanged`, `StopAsked`, `Fatal`, `Retryable`, `Conflict` and `LeaseLost`. When a leg
    fails, the saved checkpoint lies before the first batch that Klaviyo did not take. Example: batches 1, 2 and 4 were
    taken, and batch 3 failed: the checkpoint lies after batch 2.
    """
    run = saver.run
    tracker = CheckpointTracker(run.checkpoint, run.tally)
    checkpointer = Checkpointer(saver, tracker, tools.store.parts, tools.clock)
    budget = IsolationBudget(run.isolation_requests)
    sorter = sorter_of(plan, tools.sink)
    brake = Brake(plan.limits, read=run.checkpoint.row, rejected=run.tally.rejected, reasons=run.reasons.rejected)
    batcher = batcher_of(plan, tools.sink, run.checkpoint)
    held = HeldBatches(brake)

    async def send(batch: Batch, collector: ReceiptCollector, leaves: Callable[[], None]) -> Sent:
        def fence() -> None:
            saver.fence()
            tools.fence()
            window.check_wanted()
            leaves()

        brake.check()  # Klaviyo may have refused too many rows since the batch was cut
        began = tools.clock.monotonic()
        sent = await tools.sink.send(batch, list_id=plan.list_id, budget=budget, collector=collector, fence=fence)
        brake.count_refused(sent.rejections)
        refused, seconds = len(sent.rejections), round(tools.clock.monotonic() - began, 1)
        taken = BatchTaken(run.export_id, run.id, run.legs, batch.number, len(batch) - refused, refused, seconds)
        tools.events.tell(taken)
        return sent

    async def send_all(window: Window, pages: AsyncGenerator[Page]) -> bool:
        replay = Replay(run.checkpoint.row, sorter)
        async for page in pages:
            window.check()
            batches = batches_of(replay.new_rows(page), sorter, brake, batcher)
            for batch in held.through(checkpointer.marking(batches)):
                await window.put(batch)
            is_ahead = batcher.next_row > run.checkpoint.row + 1
            if tools.clock.monotonic() >= tools.deadline and is_ahead:  # every leg makes progress
                return False
        return True

    window = Window(send, tracker, checkpointer, size=tools.requests_in_flight)
    async with (
        _strays_saved(saver, checkpointer, budget, tools),
        tools.watch.over(window),
        window,
        aclosing(_pages(plan, tools, checkpointer)) as pages,
    ):
        at_end = await send_all(window, pages)
        brake.check_all(is_whole=at_end and batcher.next_row - 1 != plan.limit)
        last = batcher.cut()  # a batch without profiles has rows as well
        for batch in held.through(checkpointer.marking([last] if last is not None else [])):
            await window.put(batch)
    return batcher.rest() if at_end else None


class Replay:
    """Goes once more through the *rows* rows up to the checkpoint: none of them is sent or counted again; mutable."""

    def __init__(self, rows: int, sorter: Sorter) -> None:
        self._left = rows
        self._sorter = sorter

    def new_rows(self, page: Page) -> Page:
        """Return the rows of *page* after the checkpoint; the sorter learns the identifiers of the rows before."""
        if not self._left:
            return page
        done = page.head(self._left)
        self._sorter.learn(done.rows, done.longest_bytes)
        self._left -= len(done.rows)
        rest = page.after(len(done.rows))
        return replace(rest, notes=()) if self._left else rest  # what is noted before the checkpoint is counted


@asynccontextmanager
async def _strays_saved(
    saver: RunSaver, checkpointer: Checkpointer, budget: IsolationBudget, tools: Tools
) -> AsyncGenerator[None]:
    """Save what Klaviyo took beyond the checkpoint when an error ends the block, unless another leg has the run."""
    try:
        yield
    except (Conflict, RunLeaseLost):
        raise
    except ExportError:
        await checkpointer.save_strays(isolation_requests=budget.spent)
        raise
    except asyncio.CancelledError:  # by the watch, or as the lease of the account was lost; the run is still this leg's
        with suppress(ExportError):
            if tools.watch.reason is not None or _is_lost(tools.fence):
                saver.fence()
                await checkpointer.save_strays(isolation_requests=budget.spent)
        raise


def _is_lost(fence: Callable[[], None]) -> bool:
    try:
        fence()
    except LeaseLost:
        return True
    return False


def sorter_of(plan: Plan, encoder: Encoder) -> Sorter:
    """Return a sorter for the rows of *plan*."""
    return Sorter(
        plan.mapping,
        phone_region=plan.phone_region,
        encode=encoder.encode,
        expected_rows=plan.expected_rows(),
        null_values=plan.null_values,
        decimal_comma=plan.decimal_comma,
    )


def batcher_of(plan: Plan, encoder: Encoder, checkpoint: Checkpoint) -> Batcher:
    """Return a batcher for the rows after *checkpoint*."""
    return Batcher(
        max_profiles=encoder.max_profiles,
        max_bytes=encoder.max_bytes(plan.list_id),
        number=checkpoint.batches + 1,
        row=checkpoint.row + 1,
    )


def batches_of(page: Page, sorter: Sorter, brake: Brake, batcher: Batcher) -> Iterator[Batch]:
    """Yield each batch that the rows of *page* fill; raises `BrakePulled` before any of these rows is in a batch."""
    if page.rows or page.notes:
        sorted_page = SortedPage.of(page, sorter.sort(page.rows), first_row=batcher.next_row)
        brake.count(sorted_page.rejections, read=sorted_page.rows, profiles=sorted_page.profiles)
        brake.check()
        yield from batcher.take(sorted_page)


async def _pages(plan: Plan, tools: Tools, checkpointer: Checkpointer) -> AsyncGenerator[Page]:
    """Yield every page of the source, in order, up to the limit of the plan."""
    left = plan.limit
    for file in plan.files:
        pages_of = _columns if file.dialect.format is FileFormat.PARQUET else _lines
        async with aclosing(pages_of(file, plan, tools, checkpointer)) as pages:
            async for page in pages:
                if left is not None:
                    page = page.head(left)  # noqa: PLW2901 - no row after the limit goes on
                    left -= len(page.rows)
                yield page
                if left == 0:
                    return


def _columns(file: FileToRead, plan: Plan, tools: Tools, checkpointer: Checkpointer) -> AsyncGenerator[Page]:
    """Yield the pages of a Parquet file, of which only the mapped columns are fetched; they were looked for before."""
    count = checkpointer.note_bytes_read
    return read_parquet(file.blob, plan.mapping.columns(), segments=tools.segments, clock=tools.clock, on_bytes=count)


async def _lines(file: FileToRead, plan: Plan, tools: Tools, checkpointer: Checkpointer) -> AsyncGenerator[Page]:
    """Yield the pages of a file that is read from its first byte to its last."""
    reader = FileReader(file.blob.name, file.dialect, plan.mapping.email, plan.mapping.typed_by_source())
    columns_checked = False
    count = checkpointer.note_bytes_read
    pages = read_pages(file.blob, reader, segments=tools.segments, clock=tools.clock, on_bytes=count)
    async with aclosing(pages):
        async for page in pages:
            if not columns_checked and reader.header is not None:
                check_columns(plan.mapping, reader.header, in_file(file.blob.name)).require()
                columns_checked = True
            yield page
