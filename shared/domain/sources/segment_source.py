"""What a segment is at the moment: the files that a run reads, and where they lie."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.runs.plan import PlannedSource
from shared.domain.sentences import Sentence
from shared.domain.sources.models.source_model import SourceModel
from shared.domain.sources.new_data.digests import digest_of
from shared.domain.sources.segment_files import SegmentFiles


class Layout(StrEnum):
    """How the files of a segment lie in its folder."""

    FLAT = "flat"
    """Directly in the folder of the segment."""
    DATED = "dated"
    """In dated folders, one for each state of the segment."""


@dataclass(frozen=True, slots=True)
class SegmentSource:
    """The source of one segment.

    *state* is the dated folder below that of the segment, such as ``2026/11/28/0600``, and *moment* its date; both are
    None where the layout is flat. *written* is when the last data file was written, *at* the storage's own time.
    *model* names the columns of the files; None where there is none. *is_said* tells of a dated folder that its writer
    has said that it has finished; else the folder is only quiet.
    """

    segment: str
    layout: Layout
    files: SegmentFiles
    written: datetime
    at: datetime
    state: str | None = None
    moment: datetime | None = None
    warnings: tuple[Sentence, ...] = ()
    model: SourceModel | None = None
    is_said: bool = False

    @property
    def age(self) -> timedelta:
        """Return how long ago the last data file was written."""
        return self.at - self.written

    @property
    def planned(self) -> PlannedSource:
        """Return the source as a plan has it."""
        model = self.model.file if self.model else None
        return PlannedSource(self.segment, self.layout.value, self.written, self.state, self.moment, model, self.digest)

    @property
    def digest(self) -> str:
        """Return what stands for the names and the ETags of the data files."""
        return digest_of([*self.files.data, *self.files.open])
