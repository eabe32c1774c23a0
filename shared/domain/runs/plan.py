"""The plan of a run: what it reads, how it maps and where it sends; written once, so that every leg does the same."""

from dataclasses import dataclass
from typing import Any

from shared.domain.config.export import Limits
from shared.domain.config.mapping import Mapping
from shared.domain.config.reading import Reader
from shared.domain.config.stored import whole
from shared.domain.errors import Damaged
from shared.domain.rows.file_kind import kind_of_file

_BYTES_A_ROW = 200
_PACKED = 5
"""Packed files hold about so many times their size."""


@dataclass(frozen=True, slots=True)
class SegmentBlob:
    """A data file of a segment in the version that was listed; *size* in bytes."""

    name: str
    size: int
    etag: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does, fixed at its start; *limit* is the number of rows after which it ends, None for all of them."""

    blobs: tuple[SegmentBlob, ...]
    mapping: Mapping
    phone_region: str | None
    limits: Limits
    list_id: str
    list_name: str
    secret_name: str
    account_id: str | None
    connection_id: str = ""
    was_enabled: bool = True
    limit: int | None = None

    def expected_rows(self) -> int:
        """Return a guess at the number of rows, from the size of the files."""
        size = sum(_unpacked_size(blob) for blob in self.blobs)
        return size // _BYTES_A_ROW if self.limit is None else min(size // _BYTES_A_ROW, self.limit)

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
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "Plan":
        """Read back what `document` wrote; raises `Damaged`."""
        try:
            reader = Reader(document)
            plan = cls(
                blobs=tuple(_blob(blob) for blob in document["blobs"]),
                mapping=Mapping.read(reader.nested("mapping")),
                phone_region=reader.optional_text("phone_region"),
                limits=Limits.read(reader.nested("limits")),
                list_id=reader.text("list_id", ""),
                list_name=reader.text("list_name", ""),
                secret_name=reader.text("secret_name", ""),
                account_id=None if document["account_id"] is None else reader.text("account_id", ""),
                connection_id=reader.text("connection_id", ""),
                was_enabled=reader.flag("was_enabled", default=True),
                limit=None if document.get("limit") is None else whole(document["limit"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise Damaged("a part of the plan is missing, or is not of its kind") from error
        if reader.problems:
            raise Damaged("; ".join(reader.told()))
        return plan


def _unpacked_size(blob: SegmentBlob) -> int:
    kind = kind_of_file(blob.name)
    return blob.size * _PACKED if kind is not None and kind.is_packed else blob.size


def _blob(blob: Any) -> SegmentBlob:
    name, size, etag = blob
    if isinstance(name, str) and isinstance(etag, str):
        return SegmentBlob(name, whole(size), etag)
    raise TypeError
