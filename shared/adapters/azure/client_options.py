"""How Azure's clients are set up: every call has a timeout, retries end, and bodies do not hold up the event loop."""

from typing import Any

BODY_BYTES = 1024 * 1024
"""The largest body that is sent as a whole; the HTTP client holds up the event loop while it sends a larger one."""

PAGE_NAMES = 5000
"""How many names storage gives at a time, at most."""

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
    "use_env_settings": False,
}
"""Retries end within half a minute; by itself the client takes minutes. Timeouts are in seconds.

A blob is read in pieces of 4 MiB; by itself the client makes the first piece 32 MiB.
Neither a proxy that the environment names nor ``~/.netrc`` is used, as for Klaviyo: by itself the client looks for both
before each request, in a thread, which is half the processor time of a small read.
"""

VAULT_OPTIONS: dict[str, Any] = {
    "retry_total": 3,
    "retry_backoff_factor": 0.5,
    "retry_backoff_max": 5,
    "connection_timeout": 10,
    "read_timeout": 20,
    "timeout": 60,
}
"""Retries end within a minute; by itself the client takes many. ``timeout`` bounds a call with all its retries."""

IDENTITY_OPTIONS: dict[str, Any] = {
    "retry_total": 3,
    "retry_backoff_factor": 0.5,
    "retry_backoff_max": 5,
    "connection_timeout": 5,
    "read_timeout": 10,
}
"""By themselves the retries of a credential take more than five minutes, and one answer may take as long."""

IDENTITY_SECONDS = 30.0
"""How long an identity may take for a token, with all retries."""
