"""Writes encrypted Parquet, with keys that are wrapped by nothing."""

import base64
import io
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
from pyarrow import parquet
from pyarrow.parquet import encryption


class _Keys(encryption.KmsClient):  # type: ignore[misc] # pyarrow has no types
    def wrap_key(self, key_bytes: bytes, _master_key: str) -> bytes:
        """Return a key as it is kept in the file."""
        return base64.b64encode(key_bytes)

    def unwrap_key(self, wrapped_key: bytes, _master_key: str) -> bytes:
        """Return the key again."""
        return base64.b64decode(wrapped_key)


def encrypted_file(columns: dict[str, Any], encrypted: Sequence[str], *, has_plain_footer: bool) -> bytes:
    """Return a file of which the columns *encrypted* are, and the footer unless *has_plain_footer*."""
    settings = encryption.EncryptionConfiguration(
        footer_key="footer",
        column_keys={"columns": [*encrypted]},
        plaintext_footer=has_plain_footer,
        double_wrapping=False,
    )
    factory = encryption.CryptoFactory(lambda _connection: _Keys())
    properties = factory.file_encryption_properties(encryption.KmsConnectionConfig(), settings)
    out = io.BytesIO()
    parquet.write_table(pa.table(columns), out, encryption_properties=properties)
    return out.getvalue()
