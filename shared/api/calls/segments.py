"""The call that lists the segments in the storage."""

import re
from dataclasses import asdict
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from shared.api.answers.previews import DialectShown, SegmentShown, SegmentsShown
from shared.api.http.problems import BadRequest, NotFound, Refused
from shared.api.http.request import Answer, Request
from shared.control.exports.find_segments import FoundSegment, FoundSegments, find_segment, find_segments, look_into
from shared.domain.errors import ConfigurationError
from shared.domain.identifiers import segment_problem
from shared.domain.sentences import Sentence, say
from shared.domain.times import utc_text
from shared.pipeline.resources import Resources

FOLDER_PATTERN = r"^[^\x00-\x1f\x7f]+$"
MAX_FOLDER = 1024
"""Azure's limit for the name of a blob, in characters."""


async def list_segments(request: Request) -> Answer:
    """List the folders of segments; ``segment`` shows only one, ``columns=true`` also reads the columns of each."""
    limit, with_columns = request.page_size(), request.flag("columns")
    after, name = _place(request), _name(request)
    resources = request.app.resources
    try:
        page = await _page(name, resources, limit=limit, after=after)
        found = await look_into(page.segments, resources) if with_columns else page.segments
    except ConfigurationError as error:  # the container does not exist
        raise Refused.because_of(error) from error
    if name is not None and not found:
        text = "There is no segment '{segment}'; names are case-sensitive."
        raise NotFound(say("no_such_segment", text, segment=name))
    columns = "&columns=true" if with_columns else ""
    last = quote(found[-1].folder.name, safe="") if page.has_more else ""
    follows = f"/api/segments?limit={limit}{columns}&after={last}" if page.has_more else None
    shown = {"segments": [_view(each) for each in found], "next": follows}
    return Answer(HTTPStatus.OK, shown | asdict(SegmentsShown(_warnings(page.unnamed))))


async def _page(name: str | None, resources: Resources, *, limit: int, after: str | None) -> FoundSegments:
    if name is None:
        return await find_segments(resources, limit=limit, after=after)
    found = await find_segment(name, resources)
    return FoundSegments([found] if found else [])


def _warnings(unnamed: int) -> tuple[Sentence, ...]:
    if not unnamed:
        return ()
    text = (
        "{count:,} {count:folder is|folders are} not shown, because {count:its name holds|their names hold} an e-mail "
        "address; rename {count:it|them}."
    )
    return (say("folders_not_shown", text, count=unnamed),)


def _view(found: FoundSegment) -> dict[str, Any]:
    written = found.folder.last_modified
    folder = asdict(found.folder) | {
        "last_modified": written and utc_text(written),
        "formats": list(found.folder.formats),
    }
    columns = None if found.columns is None else list(found.columns)
    dialects = tuple(map(DialectShown.of, found.dialects))
    layout, state = (found.source.layout, found.source.state) if found.source else (None, None)
    shown = SegmentShown(layout, state, columns, found.types, found.problem, dialects, found.warnings)
    return {**folder, **asdict(shown)}


def _name(request: Request) -> str | None:
    name = request.query.get("segment")
    if name is not None and (problem := segment_problem(name)):
        text = "{parameter} {problem}."
        raise BadRequest(say("parameter_no_segment_name", text, parameter="segment", problem=str(problem)))
    return name


_IN_A_NAME = re.compile(FOLDER_PATTERN[1:-1])


def _place(request: Request) -> str | None:
    """Return the name of the folder that a page begins after: any folder, also one that cannot be a segment."""
    name = request.query.get("after")
    if name is not None and (_IN_A_NAME.fullmatch(name) is None or len(name) > MAX_FOLDER):
        text = "after must be the name of a folder, as the address of the next page has it."
        raise BadRequest(say("parameter_no_folder", text))
    return name
