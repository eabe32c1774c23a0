"""The bytes of a Parquet file in the storage, of which none is read twice."""

from shared.domain.rows.parquet.footer_bytes import TAIL_BYTES, footer_length
from shared.domain.runs.plan import SegmentBlob
from shared.ports import Ranges


class ParquetBlob:
    """Reads ranges of *blob*; what was read to find the footer is kept; mutable. Raises as `Ranges.read_range`.

    *bytes_read* counts what was read from the storage.
    """

    def __init__(self, blob: SegmentBlob, segments: Ranges) -> None:
        self._blob = blob
        self._segments = segments
        self._tail = b""
        self.bytes_read = 0

    async def footer(self) -> bytes:
        """Return the footer with its length and the magic; raises `ConfigurationError` where there is none to read."""
        blob = self._blob
        size = min(TAIL_BYTES, blob.size)
        self._tail = await self._read(blob.size - size, size)
        length = footer_length(blob.name, self._tail, blob.size)
        if length > size:
            self._tail = await self._read(blob.size - length, length - size) + self._tail
        return self._tail[-length:]

    async def read(self, offset: int, length: int) -> bytes:
        """Return *length* bytes from *offset* on."""
        kept_from, end = self._blob.size - len(self._tail), offset + length
        body = await self._read(offset, min(end, kept_from) - offset) if offset < kept_from else b""
        return body + self._tail[max(0, offset - kept_from) : end - kept_from] if end > kept_from else body

    async def _read(self, offset: int, length: int) -> bytes:
        body = await self._segments.read_range(self._blob, offset, length)
        self.bytes_read += len(body)
        return body
