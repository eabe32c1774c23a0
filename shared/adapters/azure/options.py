"""How the Azure clients are set up: timeouts on every call, retries that end, bodies that leave the event loop free."""

from typing import Any

BODY_BYTES = 1024 * 1024
"""Beyond this the HTTP client holds the event loop while it sends a body."""

PAGE_NAMES = 5000
"""So many names storage gives at most at a time."""

STORAGE_OPTIONS: dict[str, Any] = {
    "retry_total": 4,
    "initial_backoff": 1,
    "increment_base": 2,
    "connection_timeout": 20,
    "read_timeout": 60,
    "max_single_put_size": BODY_BYTES,
    "max_block_size": BODY_BYTES,
    "max_single_get_size": 4 * 1024 * 1024,
    "max_chunk_get_size": 4 * 1024 * 1024,
}
"""Retries that end within half a minute, where the client's own take minutes; timeouts in seconds.

What is read comes in pieces of 4 MiB, where the client's own first piece is 32 MiB.
"""

VAULT_OPTIONS: dict[str, Any] = {
    "retry_total": 3,
    "retry_backoff_factor": 0.5,
    "retry_backoff_max": 5,
    "connection_timeout": 10,
    "read_timeout": 20,
    "timeout": 60,
}
"""Retries that end within a minute, where the client's own take many; *timeout* bounds a call with all its retries."""

IDENTITY_OPTIONS: dict[str, Any] = {
    "retry_total": 3,
    "retry_backoff_factor": 0.5,
    "retry_backoff_max": 5,
    "connection_timeout": 5,
    "read_timeout": 10,
}
"""Where the identity's own retries take more than five minutes, and one answer may take as long."""

IDENTITY_SECONDS = 30.0
"""How long an identity may take for a token, with all its retries."""
