"""The state of a segment: what a run would read now, and whether its writer has finished."""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.sentences import Sentence, say
from shared.domain.sources.dated.completeness import Partitions, is_finished, why_incomplete
from shared.domain.sources.find_source import find_source
from shared.domain.sources.level import Asking, level_below
from shared.domain.sources.segment_source import Layout, SegmentSource
from shared.domain.sources.source_rules import SourceRules


@dataclass(frozen=True, slots=True)
class SegmentState:
    """What a run would read of a segment; *moment* is the date of the dated folder.

    *is_said* tells that the writer has said that it has finished; else the files are only quiet.
    *unfinished* says what is still written: the state itself where *is_complete* is false, or else a newer one.
    """

    digest: str
    written: datetime
    moment: datetime | None = None
    is_complete: bool = True
    is_said: bool = False
    unfinished: Sentence | None = None


def find_state(segment: str, rules: SourceRules) -> Asking[SegmentState]:
    """Return the state of *segment*; raises as `find_source`.

    Other runs take the files of a flat segment as they are, because somebody wants them now. New data can wait, so here
    a flat segment must be complete, by the rules of dated folders.
    """
    top = yield from level_below(f"{segment}/")
    source = yield from find_source(segment, rules, top=top)
    if source.layout is Layout.DATED:
        newer = next((each for each in source.warnings if each.code == "newer_folder_incomplete"), None)
        return _state(source, is_said=source.is_said, unfinished=newer)
    model = source.model
    partitions = Partitions(model.files_below(top.prefix), model.written) if model else None
    if (why := why_incomplete(top, rules.quiet, partitions)) is not None:
        return _state(source, is_complete=False, unfinished=say("segment_unfinished", _UNFINISHED, why=str(why)))
    return _state(source, is_said=is_finished(top, partitions))


def _state(
    source: SegmentSource, *, is_said: bool = False, is_complete: bool = True, unfinished: Sentence | None = None
) -> SegmentState:
    return SegmentState(source.digest, source.written, source.moment, is_complete, is_said, unfinished)


_UNFINISHED = "Its folder is not complete: {why}."
