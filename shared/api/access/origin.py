"""Whether a request comes from a page of another site, which may ride on the sign-in of whoever looks at that page.

Browsers say in ``Sec-Fetch-Site`` where a request comes from; older ones say only in ``Origin`` which page sends it.
A program that is no browser sends neither.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from shared.api.http.problems import Forbidden
from shared.domain.sentences import say

READING = ("GET", "HEAD", "OPTIONS")
"""The methods that change nothing (RFC 9110, section 9.2.1); a browser keeps their answers from other sites."""
_OURS = ("same-origin", "none")
"""A page of the app itself, or a person who typed the address."""


def check_origin(method: str, headers: Mapping[str, str]) -> None:
    """Raise `Forbidden` where a page of another site would change something; *headers* have names in lower case."""
    if method.upper() in READING:
        return
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    is_ours = _is_own(origin, headers.get("host", "")) if site is None else site.strip().lower() in _OURS
    if not is_ours:
        text = "Another site's page sent this request; only pages of the app itself and programs may change something."
        raise Forbidden(say("foreign_origin", text))


def _is_own(origin: str | None, host: str) -> bool:
    """Tell whether a page at *origin* is one of *host*; a request without an origin comes from no page."""
    if origin is None:
        return True
    try:
        return bool(host) and urlsplit(origin.strip()).netloc.lower() == host.strip().lower()
    except ValueError:
        return False
