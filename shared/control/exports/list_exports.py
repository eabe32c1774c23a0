"""Lists exports in order of id, a page at a time, by the status of their last run and by name."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass

from shared.control.exports.export_status import LatestRuns, RunsOfMany, Standing
from shared.control.filtered_page import FilteredPage, fill_page
from shared.domain.config.export import Export
from shared.domain.errors import ConfigurationError
from shared.domain.runs.run import Run
from shared.store.index.recent_runs import RecentRuns
from shared.store.store import Store


@dataclass(frozen=True, slots=True)
class ExportFilter:
    """Which exports are listed: those whose last run has this *status*, and with *name* in their name or id.

    None and an empty name let every export through. Upper and lower case are the same.
    """

    status: str | None = None
    name: str = ""

    def is_named(self, export_id: str, export: Export | None) -> bool:
        """Tell whether an export is listed by its name; the name of a broken one cannot be read."""
        texts = (export_id, export.display_name if export else "")
        return any(self.name.casefold() in text.casefold() for text in texts)

    def has_status(self, run: Run | None) -> bool:
        """Tell whether an export is listed by its last *run*; None stands for no run."""
        return self.status is None or (run is not None and run.status == self.status)


async def list_exports(
    store: Store, which: ExportFilter, *, limit: int, after: str | None = None
) -> FilteredPage[str, Standing]:
    """Return a page of the exports that *which* lets through, from the export after *after* on."""
    async with aclosing(store.runs.index.newest_first()) as entries:
        many = RunsOfMany(store, RecentRuns(entries), await store.gates.exports())

        async def names() -> AsyncIterator[str]:
            for export_id in await store.exports.ids():
                if after is None or export_id > after:
                    yield export_id

        async def standing(export_id: str) -> Standing | None:
            """Return how the export stands, or None for one that is filtered out or was just removed."""
            etag, export = None, None
            try:
                if (document := await store.exports.document(export_id)) is None:
                    return None
                etag = document.etag
                export = Export.from_document(document.value)
            except ConfigurationError:
                pass  # it is listed as broken
            if not which.is_named(export_id, export):
                return None
            runs = await many.latest(export) if export else LatestRuns()
            return Standing(export_id, export, runs, etag) if which.has_status(runs.last) else None

        return await fill_page(names(), standing, limit=limit)
