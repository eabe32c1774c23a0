"""What is asked of Klaviyo, and the headers that its API wants with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from shared.adapters.klaviyo.client.rates import Rate

REVISION = "2026-10-15"
"""The revision of Klaviyo's API that this adapter is written for; it goes into the header ``revision``."""
MEDIA_TYPE = "application/vnd.api+json"
"""The type of every body, in both directions: Klaviyo's API is a JSON:API."""


@dataclass(frozen=True, slots=True)
class KlaviyoRequest:
    """One request.

    *path* begins with ``/api/`` and is escaped. *body* is in pieces, which are sent one after the other.
    *rate* is the limit of the endpoint. *scopes* are those that the key needs, in words for a sentence.
    *fence* is called right before each attempt leaves, and raises when the request must not leave any more: between
    the call and that moment the request may have waited for its pace, or for another attempt.
    """

    method: str
    path: str
    rate: Rate
    scopes: str
    query: Mapping[str, str] | None = None
    body: tuple[bytes, ...] = field(default=(), repr=False)
    fence: Callable[[], object] = field(default=lambda: None, repr=False)

    def headers(self, key: str) -> dict[str, str]:
        """Return the headers of the request when it carries *key*."""
        headers = {"Authorization": f"Klaviyo-API-Key {key}", "revision": REVISION, "Accept": MEDIA_TYPE}
        if self.body:
            headers["Content-Type"] = MEDIA_TYPE
            headers["Content-Length"] = str(sum(map(len, self.body)))
        return headers
