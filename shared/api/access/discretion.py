"""What those are told who shall know of a connection that it is no good, and not its details."""

import re
from collections.abc import Mapping
from typing import Any

from shared.api.access.callers import Caller

HIDDEN = (
    "Something about the connection stands in the way, such as its key or its account; "
    "an administrator can test the connection, and sees what it is."
)
_DETAILS = re.compile(r"\b[Ss]ecret '|\bKlaviyo account \b|\blease of account |\bKey Vault\b|\bKEY_VAULT_URL\b")
"""Words of every sentence that names a secret, a vault or an account."""


def discreet(text: str, caller: Caller) -> str:
    """Return *text* as the caller may read it: administrators as it is, others without the details of a connection."""
    return text if caller.is_administrator or not _DETAILS.search(text) else HIDDEN


def discreet_run(document: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    """Return the *document* of a run, or what is shown of it at a glance, as the caller may read it."""
    told = {
        name: {**document[name], "detail": discreet(document[name]["detail"], caller)}
        for name in ("error", "ending", "waiting")
        if document.get(name)
    }
    return {**document, **told}
