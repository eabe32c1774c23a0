"""A blob as a listing of the storage names it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.domain.runs.plan import SegmentBlob


@dataclass(frozen=True, slots=True)
class ListedBlob(SegmentBlob):
    """A blob in the version that was listed, which may hold data or stand for a folder.

    *metadata* and *tier* (``Hot``, ``Archive``, …) are as the storage names them; the tier is empty where it names
    none.
    """

    modified: datetime
    metadata: Mapping[str, str] = field(default_factory=dict)
    tier: str = ""

    @property
    def file(self) -> str:
        """Return the name of the blob in its folder."""
        return self.name.rpartition("/")[2]

    @property
    def is_folder(self) -> bool:
        """Tell whether the blob stands for a folder and holds no data.

        An account with a hierarchical namespace lists its folders with the metadata ``hdi_isfolder: true``; tools write
        that in other cases, too (``Hdi_isfolder: True``). Other tools make an empty blob whose name ends with a slash.
        """
        if self.name.endswith("/") and not self.size:
            return True
        return any(key.lower() == "hdi_isfolder" and value.lower() == "true" for key, value in self.metadata.items())

    @property
    def is_archived(self) -> bool:
        """Tell whether the blob lies in the archive tier, where Azure gives no bytes of it."""
        return self.tier.lower() == "archive"

    @property
    def version(self) -> SegmentBlob:
        """Return the blob without what only a listing tells."""
        return SegmentBlob(self.name, self.size, self.etag)
