"""The call that lists the segments in the storage."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from shared.api.answers.previews import SegmentShown
from shared.api.http.problems import BadRequest, NotFound, Refused
from shared.api.http.request import CALL_SECONDS, Answer, Request
from shared.control.exports.find_segments import FoundSegment, find_segments, look_into
from shared.domain.errors import ConfigurationError
from shared.domain.identifiers import segment_problem
from shared.domain.sentences import say
from shared.domain.times import utc_text
from shared.pipeline.watching.time_limit import within


async def list_segments(request: Request) -> Answer:
    """List the folders of segments; ``segment`` shows only one, ``columns=true`` also reads the columns of each."""
    limit, with_columns = request.page_size(), request.flag("columns")
    after, name = _name(request, "after"), _name(request, "segment")
    segments, clock = request.app.resources.segments, request.app.clock

    async def find() -> tuple[list[FoundSegment], bool]:
        found, more = await find_segments(segments, limit=limit, after=after, name=name)
        return (await look_into(found, segments, clock) if with_columns else found), more

    try:
        found, more = await within(CALL_SECONDS, clock, find(), what="Listing the segments")
    except ConfigurationError as error:  # the container does not exist
        raise Refused.because_of(error) from error
    if name is not None and not found:
        text = "There is no segment '{segment}'; names are case-sensitive."
        raise NotFound(say("no_such_segment", text, segment=name))
    columns = "&columns=true" if with_columns else ""
    last = quote(found[-1].folder.name, safe="") if more else ""
    follows = f"/api/segments?limit={limit}{columns}&after={last}" if more else None
    return Answer(HTTPStatus.OK, {"segments": [_view(each) for each in found], "next": follows})


def _view(found: FoundSegment) -> dict[str, Any]:
    folder = asdict(found.folder) | {
        "last_modified": utc_text(found.folder.last_modified),
        "formats": list(found.folder.formats),
    }
    columns = None if found.columns is None else list(found.columns)
    return {**folder, **asdict(SegmentShown(columns, found.problem))}


def _name(request: Request, parameter: str) -> str | None:
    name = request.query.get(parameter)
    if name is not None and (problem := segment_problem(name)):
        text = "{parameter} {problem}."
        raise BadRequest(say("parameter_no_segment_name", text, parameter=parameter, problem=str(problem)))
    return name
