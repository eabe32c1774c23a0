"""The plan of a run: what it reads, how it maps and where it sends; written once, so that every leg does the same."""

from dataclasses import dataclass, fields
from typing import Annotated, Any

from pydantic import BeforeValidator, Strict

from shared.domain.config.export_limits import Limits
from shared.domain.config.field_types import Count, Moment
from shared.domain.config.mapping import Mapping
from shared.domain.config.stored_documents import read_stored, stored
from shared.domain.errors import Damaged
from shared.domain.rows.dialect import Dialect, FileFormat

_BYTES_A_ROW, _BYTES_A_CSV_ROW = 200, 100
"""A row has about so many bytes: only in JSON each names its columns."""
_PACKED = 5
"""An unpacked file has about so many times the size of the packed one."""


@dataclass(frozen=True, slots=True)
class SegmentBlob:
    """A data file of a segment in the version that was listed; *size* in bytes."""

    name: str
    size: Count
    etag: str


@dataclass(frozen=True, slots=True)
class PlannedSource:
    """What a run reads of one segment.

    *layout* is ``flat`` or ``dated``. *state* is the dated folder below that of the segment, and *moment* its date.
    *written* is when the last of its files was written. *model* is the ``model.json`` that the columns are from.
    *digest* stands for the names and the ETags of the data files; older plans do not have it.
    """

    segment: str
    layout: str
    written: Moment
    state: str | None = None
    moment: Moment | None = None
    model: str | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class FileToRead:
    """A data file and how it is written."""

    blob: SegmentBlob
    dialect: Dialect


def _guessed_rows(file: FileToRead) -> int:
    size = file.blob.size * (_PACKED if file.dialect.is_packed else 1)
    return size // (_BYTES_A_CSV_ROW if file.dialect.format is FileFormat.CSV else _BYTES_A_ROW)


def _named(blob: Any) -> Any:
    """Return *blob*, which documents hold as a list, as a dictionary with the names of its fields."""
    names = [field.name for field in fields(SegmentBlob)]
    return dict(zip(names, blob, strict=True)) if isinstance(blob, list) and len(blob) == len(names) else blob


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does, fixed at its start.

    *limit* is the number of rows after which the run ends, or None. *reader* is the version of the reader that counts
    the rows of the source; plans from before there were versions were made for version 1.
    ``dialects[dialect_of[i]]`` is how the file ``blobs[i]`` is written; plans of version 1 have no dialects.
    *null_values* and *decimal_comma* are those of the export's ``reading``. *sources* says where the files of each
    segment are from; older plans do not have it. *rows* is how many rows the files say that they have, None where one
    of them does not say.
    """

    blobs: tuple[Annotated[SegmentBlob, BeforeValidator(_named)], ...]
    mapping: Mapping
    phone_region: str | None
    limits: Limits
    list_id: str
    list_name: str
    secret_name: str
    account_id: str | None
    connection_id: str = ""
    was_enabled: Annotated[bool, Strict()] = True
    limit: Count | None = None
    reader: Count = 1
    dialects: tuple[Dialect, ...] = ()
    dialect_of: tuple[Count, ...] = ()
    null_values: tuple[str, ...] = ()
    decimal_comma: Annotated[bool, Strict()] = False
    sources: tuple[PlannedSource, ...] = ()
    rows: Count | None = None

    @property
    def has_dialects(self) -> bool:
        """Tell whether the plan says how its files are written."""
        return len(self.dialect_of) == len(self.blobs)

    @property
    def files(self) -> list[FileToRead]:
        """Return the files in the order in which they are read; none where the plan has no dialects."""
        if not self.has_dialects:
            return []
        return [FileToRead(blob, self.dialects[index]) for blob, index in zip(self.blobs, self.dialect_of, strict=True)]

    def expected_rows(self) -> int:
        """Return the number of rows, or a guess at it from the size of the files."""
        rows = sum(map(_guessed_rows, self.files)) if self.rows is None else self.rows
        return rows if self.limit is None else min(rows, self.limit)

    def document(self) -> dict[str, Any]:
        """Return ``plan.json``."""
        return {
            "schema": 1,
            "blobs": [[blob.name, blob.size, blob.etag] for blob in self.blobs],
            "mapping": self.mapping.document(),
            "phone_region": self.phone_region,
            "limits": self.limits.document(),
            "list_id": self.list_id,
            "list_name": self.list_name,
            "secret_name": self.secret_name,
            "account_id": self.account_id,
            "connection_id": self.connection_id,
            "was_enabled": self.was_enabled,
            "limit": self.limit,
            "reader": self.reader,
            "dialects": [stored(dialect) for dialect in self.dialects],
            "dialect_of": list(self.dialect_of),
            "null_values": list(self.null_values),
            "decimal_comma": self.decimal_comma,
            "sources": [stored(source) for source in self.sources],
            "rows": self.rows,
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "Plan":
        """Read back what `document` wrote; raises `Damaged`."""
        plan = read_stored(cls, document)
        if plan.dialect_of and not (plan.has_dialects and max(plan.dialect_of) < len(plan.dialects)):
            raise Damaged("/dialect_of must name a dialect for each of /blobs")
        return plan
