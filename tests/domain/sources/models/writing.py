"""Writes models as Customer Insights and the Common Data Model's definition show them."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

ACCOUNT = "https://acme.blob.core.windows.net/customer-insights"
COLUMNS = (("CustomerId", "string"), ("EMail", "string"), ("Age", "int64"), ("Spent", "decimal"), ("IsGold", "boolean"))


def partition(blob: str, *, at: str = ACCOUNT, **settings: Any) -> dict[str, Any]:
    """Return the partition of file *blob*; without *settings* it has none."""
    made: dict[str, Any] = {"name": blob.rpartition("/")[2], "location": f"{at}/{blob}"}
    if settings:
        made["fileFormatSettings"] = {"$type": "CsvFormatSettings", **settings}
    return made


def entity(
    name: str,
    partitions: Iterable[Mapping[str, Any]] = (),
    columns: Iterable[tuple[str, str]] = COLUMNS,
    **more: Any,
) -> dict[str, Any]:
    """Return an entity with these *columns* (name and data type)."""
    attributes = [{"name": column, "dataType": kind} for column, kind in columns]
    made = {"$type": "LocalEntity", "name": name, "attributes": attributes, "partitions": list(partitions)}
    return {**made, **more}


def model(*entities: Mapping[str, Any]) -> bytes:
    """Return a model with these *entities*."""
    return json.dumps({"name": "BlobExport", "version": "1.0", "entities": list(entities)}).encode()
