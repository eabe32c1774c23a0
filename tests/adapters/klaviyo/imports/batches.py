"""Batches as the spine cuts them, from e-mail addresses."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shared.adapters.klaviyo.client.json_api import document
from shared.adapters.klaviyo.import_body import MAX_PROFILES, max_payload_bytes
from shared.adapters.klaviyo.profiles import encode_profile
from shared.domain.batches.batch import Batch
from shared.domain.batches.batcher import Batcher
from shared.domain.batches.sorted_page import SortedPage
from shared.domain.runs.receipt import Sent
from shared.domain.runs.rejection import Rejection
from shared.domain.sentences import quoted

BLOB = "vip/rows.csv"
Attributes = Mapping[str, Any]


def batch_of(emails: Iterable[str | Attributes | None], *, number: int = 1, first_row: int = 1) -> Batch:
    """Return one batch of e-mail addresses or whole attributes; None stands for a row that was refused before."""
    return batch_of_files({BLOB: list(emails)}, number=number, first_row=first_row)


def batch_of_files(
    files: Mapping[str, Sequence[str | Attributes | None]], *, number: int = 1, first_row: int = 1
) -> Batch:
    """Return one batch over the rows of several files."""
    batcher = Batcher(max_profiles=MAX_PROFILES, max_bytes=max_payload_bytes("Y6nRLr"), number=number)
    row, source_row = first_row, 1
    for blob, emails in files.items():
        page = SortedPage(blob, row, source_row, len(emails))
        for position, email in enumerate(emails):
            if email is None:
                rejection = Rejection(blob, row + position, "email_missing", quoted("There is none."))
                page.rejections.append((source_row + position, rejection))
            else:
                page.profiles.append(encode_profile({"email": email} if isinstance(email, str) else email))
                page.profile_rows.append(source_row + position)
        assert list(batcher.take(page)) == []
        row, source_row = 1, source_row + len(emails)
    batch = batcher.cut()
    assert batch is not None
    return batch


def people(count: int, *, bad: Iterable[int] = (), domain: str = "refused.example.com") -> list[str]:
    """Return addresses, those at the positions *bad* at *domain*."""
    wrong = set(bad)
    return [f"p{index}@{domain if index in wrong else 'example.com'}" for index in range(count)]


def emails_of(batch: Batch) -> list[str]:
    """Return the addresses in *batch*, in order."""
    return [_attributes(batch.profile(index))["email"] for index in range(len(batch))]


def attributes_in(body: bytes) -> list[dict[str, Any]]:
    """Return the attributes of the profiles in the body of an import, in order."""
    data = document(body)["data"]
    return [item["attributes"] for item in data["attributes"]["profiles"]["data"]]


def rejected_emails(sent: Sent, reason: str | None = None) -> list[str]:
    """Return the addresses that were rejected, those of one *reason* if given."""
    return [each.fields["email"] for each in sent.rejections if reason in (None, each.reason)]


def profiles_taken(sent: Sent) -> int:
    """Return how many profiles went into jobs that are known."""
    return sum(receipt.profiles for receipt in sent.receipts if receipt.job_id)


def _attributes(profile: bytes) -> Any:
    return document(profile)["attributes"]
