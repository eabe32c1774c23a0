"""Klaviyo's wire format: bytes and plain values in, bytes and plain values out; no I/O.

Shapes, limits and names are those of Klaviyo's OpenAPI, revision 2026-10-15.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import orjson

from shared.domain.errors import ContractBroken
from shared.domain.runs.receipt import ImportFault, JobReport
from shared.ports import Account, Flow, ListInfo

REVISION = "2026-10-15"
MEDIA_TYPE = "application/vnd.api+json"
MAX_PROFILES = 10_000
MAX_BODY_BYTES = 5_000_000
"""Klaviyo says "5 MB"; the smaller reading is safe under both."""

MAX_DETAIL = 1_000
"""Characters that are kept of what Klaviyo says about one row."""
MAX_NAME = 200
"""Characters that are kept of what people have named a thing."""

_HEAD = b'{"data":{"type":"profile-bulk-import-job","attributes":{"profiles":{"data":['
_MIDDLE = b']}},"relationships":{"lists":{"data":[{"type":"list","id":'
_TAIL = b"}]}}}}"


@dataclass(frozen=True, slots=True)
class ApiError:
    """One error of a JSON:API answer; *detail* may hold personal data, so it belongs into rejections only.

    *profile* is the position in the request of the profile that it is about, if it names one; *pointer* leads on from
    there.
    """

    code: str
    detail: str
    pointer: str
    profile: int | None


class NewJob(NamedTuple):
    """A job that an import has become."""

    job_id: str
    created_at: str | None


def encode_profile(attributes: Mapping[str, Any]) -> bytes:
    """Return one profile as it stands in the request, compact UTF-8."""
    return orjson.dumps({"type": "profile", "attributes": attributes})


def import_body(payload: bytes, list_id: str) -> tuple[bytes, ...]:
    """Return the body of an import of *payload* (encoded profiles joined by commas), in pieces to save copying it."""
    return (_HEAD, payload, _MIDDLE + orjson.dumps(list_id) + _TAIL)


def max_payload_bytes(list_id: str) -> int:
    """Return how many bytes of payload fit into one request for the list."""
    return MAX_BODY_BYTES - sum(map(len, import_body(b"", list_id)))


def document(body: bytes) -> dict[str, Any]:
    """Read an answer; raises `ContractBroken` when it is no JSON object."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, dict):
        raise ContractBroken("Klaviyo answered something that is not JSON; look at its status page.")
    return value


def is_document(body: bytes) -> bool:
    """Tell whether an answer is a JSON object, as all of Klaviyo's are."""
    try:
        return isinstance(orjson.loads(body), dict)
    except orjson.JSONDecodeError:
        return False


def account(body: bytes) -> Account:
    """Return the account of an answer; raises `ContractBroken`."""
    accounts, _ = resources(body)
    account_id = accounts[0].get("id") if len(accounts) == 1 else None
    if not isinstance(account_id, str):
        raise ContractBroken(f"Klaviyo answered {len(accounts)} accounts to one key, not one that has an id.")
    found = attributes(accounts[0])
    contact = found.get("contact_information")
    name = contact.get("organization_name") if isinstance(contact, dict) else None
    return Account(account_id, str(name or ""), bool(found.get("test_account")))


def errors(body: bytes) -> list[ApiError]:
    """Read the errors of an answer; none when it does not have Klaviyo's form."""
    try:
        found = orjson.loads(body)["errors"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return []
    return [_error(error) for error in found if isinstance(error, dict)] if isinstance(found, list) else []


def _error(error: dict[str, Any]) -> ApiError:
    source = error.get("source")
    pointer = str(source.get("pointer") or "") if isinstance(source, dict) else ""
    match = _PROFILE(pointer)
    return ApiError(
        code=_code(error),
        detail=_detail(error),
        pointer=pointer[match.end() :] if match else pointer,
        profile=int(match[1]) if match else None,
    )


def _code(error: dict[str, Any]) -> str:
    """Return Klaviyo's word for the error; what is no word is not repeated, as it could be anything."""
    return _word(error.get("code")) or "invalid"


def _detail(error: dict[str, Any]) -> str:
    return str(error.get("detail") or error.get("title") or "")[:MAX_DETAIL]


def resource(body: bytes) -> dict[str, Any]:
    """Return the one resource of an answer; raises `ContractBroken`."""
    data = document(body).get("data")
    if isinstance(data, dict) and isinstance(data.get("id"), str):
        return data
    raise _unexpected("a resource")


def resources(body: bytes) -> tuple[list[dict[str, Any]], str | None]:
    """Return the resources on a page and the cursor of the next page, if there is one; raises `ContractBroken`."""
    page = document(body)
    data, links = page.get("data"), page.get("links")
    if not isinstance(data, list):
        raise _unexpected("a page of resources")
    follows = links.get("next") if isinstance(links, dict) else None
    return [item for item in data if isinstance(item, dict)], _cursor(follows) if follows else None


def _cursor(follows: Any) -> str:
    """Return the cursor in the link to the next page; raises `ContractBroken`, since a page must not be missed."""
    cursors = parse_qs(urlsplit(follows).query).get("page[cursor]") if isinstance(follows, str) else None
    if not cursors:
        raise _unexpected("a page of resources")
    return cursors[0]


def attributes(item: dict[str, Any]) -> dict[str, Any]:
    """Return the attributes of a resource, empty where it has none."""
    found = item.get("attributes")
    return found if isinstance(found, dict) else {}


def list_info(item: dict[str, Any]) -> ListInfo:
    """Read a list; raises `ContractBroken`."""
    found = attributes(item)
    return ListInfo(_id(item, "a list"), _name(found), _word(found.get("opt_in_process")))


def flow(item: dict[str, Any]) -> Flow | None:
    """Read a flow; None for one that does nothing: a draft, or one that was put away. Raises `ContractBroken`.

    A ``manual`` one takes people up as well, and its messages have a status each. What has a status that nobody knows,
    or none, may do anything.
    """
    found = attributes(item)
    status = _word(found.get("status")) or "unknown"
    if status == "draft" or found.get("archived") is True:
        return None
    return Flow(_id(item, "a flow"), _name(found), status)


def new_job(body: bytes) -> NewJob:
    """Read the answer to an import; raises `ContractBroken` when it does not say which job it has become."""
    job = resource(body)
    try:
        created_at = _time(attributes(job)["created_at"]).isoformat()
    except (KeyError, TypeError, ValueError):
        created_at = None  # the id is proof enough that the profiles were taken
    return NewJob(job["id"], created_at)


def job_report(item: dict[str, Any]) -> JobReport:
    """Read an import job; raises `ContractBroken`."""
    found = attributes(item)
    with suppress(KeyError, TypeError, ValueError):  # not chained to what is raised: they repeat what Klaviyo wrote
        return JobReport(
            job_id=_text(item["id"]),
            status=_text(found["status"]),
            created_at=_time(found["created_at"]),
            completed=int(found.get("completed_count") or 0),
            failed=int(found.get("failed_count") or 0),
            total=int(found.get("total_count") or 0),
        )
    raise _unexpected("an import job")


def import_fault(item: dict[str, Any]) -> ImportFault:
    """Read one error of an import job; the profile that it names may be missing or have no wrapping."""
    found = attributes(item)
    payload = found.get("original_payload")
    fields = payload.get("attributes", payload) if isinstance(payload, dict) else {}
    return ImportFault(
        reason=_code(found),
        detail=_detail(found),
        fields=fields if isinstance(fields, dict) else {},
    )


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) and _WORD(value) else None


def _id(item: dict[str, Any], what: str) -> str:
    found = item.get("id")
    if not isinstance(found, str):
        raise _unexpected(what)
    return found


def _name(found: dict[str, Any]) -> str:
    return str(found.get("name") or "")[:MAX_NAME]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _unexpected(what: str) -> ContractBroken:
    return ContractBroken(f"Klaviyo's answer is not {what} as its documentation has it; look at its status page.")


_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}").fullmatch
_PROFILE = re.compile(r"/data/attributes/profiles/data/([0-9]{1,9})(?:/|$)").match
