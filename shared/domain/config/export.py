"""An export: the customer's wish to have these segments, over this connection, in this list, with this mapping."""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    TypeAdapter,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
)
from pydantic_core import CoreSchema, core_schema

from shared.domain.config.document_model import Model, Writing, read_only
from shared.domain.config.export_limits import Limits
from shared.domain.config.field_problems import wrong, wrong_items
from shared.domain.config.field_types import (
    ID_IN_ADDRESS,
    NULL_IS_DEFAULT,
    READ_ONLY,
    Described,
    Identifier,
    Moment,
    Text,
    text_of,
)
from shared.domain.config.mapping import Mapping
from shared.domain.config.reading import Reading
from shared.domain.config.schedule import OnNewData, Schedule
from shared.domain.config.stored_documents import read_stored
from shared.domain.errors import ConfigurationError
from shared.domain.identifiers import segment_problem
from shared.domain.profiles.phone import is_region
from shared.domain.sentences import Sentence, say

MAX_DISPLAY_NAME = 200
MAX_SEGMENTS = 100
"""A run lists the files of each segment, and looks into them, before it sends."""

REFRESH: Final = "refresh"
"""As the schedule of an export: the schedule of the app (setting REFRESH_SCHEDULE)."""

_LIST = "[A-Za-z0-9_-]{1,64}"
_is_list = re.compile(_LIST).fullmatch


def _display_name(value: Any, info: ValidationInfo) -> str:
    name = text_of(value)
    if info.context and len(name) > MAX_DISPLAY_NAME:
        raise wrong(say("too_long", "must have at most {limit} characters", limit=MAX_DISPLAY_NAME))
    if info.context and (name.isspace() or not name.isprintable()):
        raise wrong(say("not_one_line", "must be a text that can be read, on one line"))
    return name


DisplayName = Annotated[
    str, BeforeValidator(_display_name), Described(written={"minLength": 1, "maxLength": MAX_DISPLAY_NAME})
]
"""The name that a person gives to an export. A stored name may be older than the rule."""


def checked_list_id(value: Any, info: ValidationInfo) -> str:
    """Return *value*, the id of a list; refuses anything else, for what people write by the rule of Klaviyo's ids."""
    list_id = text_of(value)
    if info.context and not _is_list(list_id):
        raise wrong(say("not_a_list_id", "must be the id of a list as Klaviyo shows it, such as 'Y6nRLr'"))
    return list_id


def _segments(value: Any, info: ValidationInfo) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not value or not all(isinstance(name, str) for name in value):
        raise wrong(say("not_a_list_of_texts", "must be a list of texts with at least one in it"))
    problems: list[tuple[int | None, Sentence]] = [
        (index, problem) for index, name in enumerate(value) if (problem := segment_problem(name))
    ]
    if info.context:
        problems += _problems_of_new_segments(value)
    if problems:
        raise wrong_items(problems)
    return tuple(value)


def _problems_of_new_segments(names: Sequence[str]) -> Iterator[tuple[int | None, Sentence]]:
    """Yield the problems by rules that only a new export must keep; a stored export may be older than these rules."""
    if len(names) > MAX_SEGMENTS:
        yield None, say("too_many", "must be at most {limit} names", limit=MAX_SEGMENTS)
    seen = set[str]()
    for index, name in enumerate(names[:MAX_SEGMENTS]):
        if name in seen:
            yield index, say("there_twice", "is there twice")
        seen.add(name)


def _region(value: Any) -> str:
    region = text_of(value)
    if is_region(region):
        return region
    raise wrong(say("not_a_country", "must be the two letters of a country, such as 'UA'"))


class _ScheduleForms:
    """Reads each form of a schedule: ``{"on": "new_data"}``, another object, ``"refresh"`` and null.

    An object that has ``on`` is read as an `OnNewData`, another one as a `Schedule`. So a refusal says what is wrong in
    the object, as in "/schedule/cron must be …".
    """

    def __get_pydantic_core_schema__(self, _source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_wrap_validator_function(
            self._read,
            handler.generate_schema(Schedule),
            serialization=core_schema.plain_serializer_function_ser_schema(self._plain),
        )

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        on_new_data = handler(TypeAdapter(OnNewData).core_schema)
        return {"anyOf": [handler(schema["schema"]), on_new_data, {"const": REFRESH}, {"type": "null"}]}

    def _read(self, value: Any, read_schedule: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        if value is None or value == REFRESH or isinstance(value, OnNewData):
            return value
        if isinstance(value, dict) and "on" in value:
            # A newer version of the app may have stored a field that this one does not know.
            return OnNewData.model_validate(value, extra="forbid" if info.context else "ignore", context=info.context)
        if isinstance(value, dict | Schedule):
            return read_schedule(value)
        text = "must be an object with cron and time_zone, an object with on, '{refresh}', or null"
        raise wrong(say("not_a_schedule", text, refresh=REFRESH))

    def _plain(self, value: Schedule | OnNewData | str | None) -> Any:
        return value.document() if isinstance(value, Schedule | OnNewData) else value


ListId = Annotated[str, BeforeValidator(checked_list_id), Described(written={"pattern": f"^{_LIST}$"})]
"""The id of a list. A stored id may be older than the rule."""


class Export(Model):
    """An export, as people write it and as it is stored.

    *connection_id* is None for a detached export: the export stays, and runs again when it gets a connection.
    *schedule* is None for an export that runs on demand only, and an `OnNewData` for one that new data starts.
    *allow_flows* tells that people want live flows to take up everybody who is added to the list.
    The app itself records the read-only fields.
    """

    WHAT = "The export"

    id: Annotated[Identifier, ID_IN_ADDRESS, READ_ONLY]
    display_name: DisplayName
    connection_id: Identifier | None
    list_id: ListId
    segments: Annotated[
        tuple[Annotated[str, Described(written={"minLength": 1})], ...],
        BeforeValidator(_segments),
        Described(written={"minItems": 1, "maxItems": MAX_SEGMENTS}),
    ]
    mapping: Mapping
    phone_region: Annotated[str, BeforeValidator(_region), Described(pattern="^[A-Z]{2}$")] | None = None
    reading: Annotated[Reading, NULL_IS_DEFAULT] = Field(
        default_factory=Reading, exclude_if=lambda reading: not reading.document()
    )
    limits: Annotated[Limits, NULL_IS_DEFAULT] = Field(default_factory=Limits)
    allow_flows: bool = False
    schedule: Annotated[Schedule | OnNewData | Literal["refresh"] | None, _ScheduleForms()] = None
    enabled: bool = True
    created_at: Annotated[Moment | None, READ_ONLY] = None
    changed_at: Annotated[Moment | None, READ_ONLY] = None
    changed_by: Annotated[Text | None, READ_ONLY] = None

    @classmethod
    def passed_over(cls, writing: Writing) -> Collection[str]:
        """Return the fields that only answers have; a client may send them back, and they change nothing."""
        return {*writing.shown, *read_only(cls)} - {"id"}

    @classmethod
    def from_document(cls, document: Any) -> Self:
        """Read ``exports/{id}.json``; raises `Damaged` naming everything that is wrong."""
        return read_stored(cls, document, what=cls.WHAT)

    def document(self) -> dict[str, Any]:
        """Return ``exports/{id}.json``."""
        return {"schema": 1, **self.model_dump(mode="json")}

    def timetable(self, refresh: Schedule | None) -> Schedule | None:
        """Return the schedule that starts the export, or None; *refresh* is the schedule of the app."""
        if not self.enabled or self.connection_id is None:
            return None
        if self.schedule == REFRESH:
            return refresh
        return self.schedule if isinstance(self.schedule, Schedule) else None

    @property
    def waits_for_data(self) -> bool:
        """Tell whether the export starts whenever new data is there."""
        return self.enabled and self.connection_id is not None and isinstance(self.schedule, OnNewData)

    def connected_to(self) -> str:
        """Return the id of the connection; raises `ConfigurationError` when the export is detached."""
        if self.connection_id is None:
            text = "Export '{export}' has no connection, since the one that it had was removed; give it another one."
            raise ConfigurationError(say("export_detached", text, export=self.id))
        return self.connection_id

    def saved(self, before: "Export | None", *, by: str, now: datetime) -> "Export":
        """Return the export with the records of a save; *before* is the stored export, None for a new one.

        Where a save changes nothing, that is *before* itself.
        """
        if before and before == self.model_copy(update={name: getattr(before, name) for name in _RECORDS}):
            return before
        created_at = before.created_at if before else now
        return self.model_copy(update={"created_at": created_at, "changed_at": now, "changed_by": by})


_RECORDS = ("created_at", "changed_at", "changed_by")
"""What a save records beside what people decide."""
