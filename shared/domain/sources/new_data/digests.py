"""Short texts that stand for what a run reads: the same files in the same versions have the same one."""

import hashlib
from collections.abc import Iterable

from shared.domain.runs.plan import SegmentBlob

DIGITS = 32
"""So many hexadecimal digits keep any two states apart."""


def digest_of(files: Iterable[SegmentBlob]) -> str:
    """Return the digest of one segment: of the names and the ETags of its data *files*, in any order."""
    return _hashed(f"{file.name}\n{file.etag}" for file in files)


def state_of(digests: Iterable[str]) -> str:
    """Return the state of an export whose segments have these *digests*, in any order."""
    return _hashed(digests)


def digest_for_run(export_id: str, state: str) -> str:
    """Return the four hexadecimal digits that end the id of the run of *export_id* for *state*."""
    return _hashed((export_id, state))[:4]


def _hashed(texts: Iterable[str]) -> str:
    whole = hashlib.sha256()
    for text in sorted(texts):
        whole.update(f"{text}\n\n".encode())
    return whole.hexdigest()[:DIGITS]
