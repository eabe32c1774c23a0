"""The shapes of what is said about exports, previews and segments."""

from shared.api.description.describe import Schema, describe, nullable, obj
from shared.control.preview_export import MAX_ROWS
from shared.domain.config.export import REFRESH
from shared.domain.config.export_wish import MAX_DISPLAY_NAME, MAX_SEGMENTS
from shared.domain.config.mapping import LOCATION_NUMBER_FIELDS, LOCATION_TEXT_FIELDS, TEXT_FIELDS
from shared.domain.identifiers import ID_PATTERN
from shared.domain.runs.estimate import Estimate
from shared.domain.runs.run import Ending, RunStatus, Tally, Waiting
from shared.domain.sources.segment_folder import SegmentFolder
from shared.ports import Flow, ListInfo

TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": TEXT}
COUNT: Schema = {"type": "integer", "minimum": 0}
ID: Schema = {"type": "string", "pattern": ID_PATTERN}
FLAG: Schema = {"type": "boolean"}
NAME: Schema = {"type": "string", "minLength": 1}
MOMENT: Schema = {"type": ["string", "null"], "format": "date-time"}


def export_schemas(exports: Schema, segments: Schema) -> dict[str, Schema]:
    """Return the shapes by name; *exports* and *segments* are those of a page of them."""
    return {
        "Export": _export(),
        "Exports": exports,
        "ExportCopy": obj({"id": ID, "display_name": nullable(NAME)}, required=("id",)),
        "ExportWish": _export_wish(),
        "Preview": _preview(),
        "PreviewWish": obj({"limit": {"type": ["integer", "null"], "minimum": 1, "maximum": MAX_ROWS}, "export": {}}),
        "RemovedExport": _whole({"id": ID, "stopped_runs": TEXTS, "runs": TEXT}),
        "Segment": _segment(),
        "Segments": segments,
    }


def _whole(properties: dict[str, Schema]) -> Schema:
    """Return the shape of an object of which every field is always there."""
    return obj(properties, required=tuple(properties))


def _decided() -> dict[str, Schema]:
    """Return the fields of an export that somebody decides about."""
    columns = {"type": "object", "additionalProperties": NAME}
    place = dict.fromkeys((*LOCATION_TEXT_FIELDS, *LOCATION_NUMBER_FIELDS), nullable(NAME))
    mapping = {"email": NAME, **dict.fromkeys(TEXT_FIELDS, nullable(NAME))}
    cron = obj({"cron": NAME, "time_zone": NAME}, required=("cron",))
    return {
        "display_name": {"type": "string", "minLength": 1, "maxLength": MAX_DISPLAY_NAME},
        "connection_id": nullable(ID),
        "list_id": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"},
        "segments": {"type": "array", "items": NAME, "minItems": 1, "maxItems": MAX_SEGMENTS},
        "mapping": obj(
            {**mapping, "location": nullable(obj(place)), "properties": nullable(columns)}, required=("email",)
        ),
        "phone_region": nullable({"type": "string", "pattern": "^[A-Z]{2}$"}),
        "limits": nullable(
            obj(
                {
                    "max_rejected_share": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
                    "max_rows": {"type": ["integer", "null"], "minimum": 1},
                }
            )
        ),
        "allow_flows": FLAG,
        "schedule": {"anyOf": [cron, {"const": REFRESH}, {"type": "null"}]},
        "enabled": FLAG,
    }


def _shown() -> dict[str, Schema]:
    """Return the fields of an export that are only shown."""
    run = {
        "id": ID,
        "status": {"type": "string", "enum": list(RunStatus)},
        "trigger": TEXT,
        **dict.fromkeys(("created_at", "started_at", "ended_at"), MOMENT),
        "waiting": nullable(describe(Waiting)),
        "error": nullable(describe(Ending)),
        "tally": describe(Tally),
        "self": TEXT,
    }
    return {
        "schema": {"type": "integer"},
        "id": ID,
        "created_at": MOMENT,
        "changed_at": MOMENT,
        "changed_by": nullable(TEXT),
        "connection": nullable(_whole({"id": ID, "display_name": TEXT})),
        "status": {"type": ["string", "null"]},
        "last_run": nullable(_whole(run)),
        "next_run": MOMENT,
        "warnings": TEXTS,
        "may": TEXTS,
        "self": TEXT,
    }


def _export() -> Schema:
    """Return the shape of an export; of a broken one no more is shown than that it is."""
    stored = {**_decided(), "display_name": TEXT, "list_id": TEXT, "segments": TEXTS}  # it may be older than the rules
    return obj({**stored, **_shown(), "is_broken": FLAG}, required=("id", "may", "self"))


def _export_wish() -> Schema:
    read_only = {name: {"readOnly": True} for name in _shown()}
    return obj(
        {**read_only, **_decided()}, required=("display_name", "connection_id", "list_id", "segments", "mapping")
    )


def _segment() -> Schema:
    schema = describe(SegmentFolder)
    schema["properties"] |= {"columns": nullable(TEXTS), "problem": nullable(TEXT)}
    schema["required"] += ["columns", "problem"]
    return schema


def _preview() -> Schema:
    """Return the shape of a preview; it holds data of people."""
    fields: Schema = {"type": "object"}
    profile = _whole({"blob": TEXT, "row": COUNT, "attributes": fields})
    rejection = _whole(
        {"blob": nullable(TEXT), "row": nullable(COUNT), "reason": TEXT, "detail": TEXT, "fields": fields}
    )
    segment = _whole({"name": TEXT, "files": COUNT, "bytes": COUNT, "rows_looked_at": COUNT, "rows": nullable(COUNT)})
    target = describe(ListInfo)
    target["properties"] |= {"live_flows": nullable({"type": "array", "items": describe(Flow)})}
    return _whole(
        {
            "profiles": {"type": "array", "items": profile},
            "rejections": {"type": "array", "items": rejection},
            "duplicates": COUNT,
            "left_out": {"type": "object", "additionalProperties": COUNT},
            "columns": _whole(dict.fromkeys(("found", "not_mapped", "missing"), TEXTS)),
            "segments": {"type": "array", "items": segment},
            "estimate": describe(Estimate),
            "list": nullable(target),
            "problems": TEXTS,
            "warnings": TEXTS,
        }
    )
