"""Where the footer of a Parquet file lies, and what its last bytes tell before anything is parsed."""

from shared.domain.errors import ConfigurationError
from shared.domain.rows.parquet import parquet_sentences as sentences

MAGIC = b"PAR1"
ENCRYPTED = b"PARE"
TAIL_BYTES = 64 * 1024
"""So many bytes at the end of a file are read first; most footers are smaller."""
MOST_FOOTER_BYTES = 4 * 1024 * 1024
"""A larger footer is not read: parsed, a hostile one takes up to 200 times its size in memory."""
_END_BYTES = 8
"""The length of the footer, and the magic."""


def footer_length(file: str, tail: bytes, size: int) -> int:
    """Return how many bytes at the end of *file*, of *size* bytes, are its footer, with its length and the magic.

    *tail* is the end of the file. Raises `ConfigurationError` where the file has no footer that can be read.
    """
    if not size:
        raise ConfigurationError(sentences.empty(file))
    if tail.endswith(ENCRYPTED):
        raise ConfigurationError(sentences.encrypted(file))
    if not tail.endswith(MAGIC) or size < len(MAGIC) + _END_BYTES:
        is_cut_off = len(tail) == size and tail.startswith(MAGIC)
        raise ConfigurationError(sentences.cut_off(file) if is_cut_off else sentences.not_parquet(file))
    length = int.from_bytes(tail[-_END_BYTES : -len(MAGIC)], "little") + _END_BYTES
    if length > size - len(MAGIC):
        raise ConfigurationError(sentences.damaged(file))
    if length > MOST_FOOTER_BYTES:
        raise ConfigurationError(sentences.footer_too_large(file, length, MOST_FOOTER_BYTES))
    return length
