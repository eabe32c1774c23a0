"""What the control plane refuses, so that the person who asks can decide anew.

`shared.domain.errors` has the picture of all errors.
"""

from shared.domain.errors import ExportError
from shared.domain.sentences import Sentence


class KeyReused(ExportError):
    """The same idempotency key came with another request."""

    reason = "idempotency_key_reused"


class RunActive(ExportError):
    """A run of the export has not ended yet; *run_id* is that of the run in the way."""

    reason = "run_active"

    def __init__(self, sentence: Sentence | str, run_id: str) -> None:
        super().__init__(sentence)
        self.run_id = run_id


class InUse(ExportError):
    """Exports use the connection, and nobody said what becomes of them; *exports* are their ids."""

    reason = "in_use"

    def __init__(self, sentence: Sentence | str, exports: list[str]) -> None:
        super().__init__(sentence)
        self.exports = exports


class ExportExists(ExportError):
    """Another export has the id already."""

    reason = "conflict"


class NoKey(ExportError):
    """The secret of a connection holds no usable key."""

    reason = "no_key"


class KeyNotWritten(ExportError):
    """The vault does not let the app write the key."""

    reason = "key_not_written"
