"""The body of a bulk import of profiles, and how much fits into one.

Klaviyo's OpenAPI, revision 2026-10-15, operation ``bulk_import_profiles``: at most 10,000 profiles and 5 MB a request.
"""

import orjson

MAX_PROFILES = 10_000
MAX_BODY_BYTES = 5_000_000
"""Klaviyo does not say whether "5 MB" are 5,000,000 bytes or 5 MiB; the smaller number is safe under both readings."""


def import_body(payload: bytes, list_id: str) -> tuple[bytes, ...]:
    """Return the body of an import of *payload* (encoded profiles joined by commas) into the list.

    The body is in pieces, so that *payload*, up to 5 MB of it, is not copied.
    """
    return (_HEAD, payload, _MIDDLE + orjson.dumps(list_id) + _TAIL)


def max_payload_bytes(list_id: str) -> int:
    """Return how many bytes of payload fit into one import into the list."""
    return MAX_BODY_BYTES - sum(map(len, import_body(b"", list_id)))


_HEAD = b'{"data":{"type":"profile-bulk-import-job","attributes":{"profiles":{"data":['
_MIDDLE = b']}},"relationships":{"lists":{"data":[{"type":"list","id":'
_TAIL = b"}]}}}}"
