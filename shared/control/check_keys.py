"""Looks which keys to Klaviyo expire soon, so that somebody exchanges them before their runs fail."""

from datetime import datetime, timedelta

from shared.control.connections.secrets_in_use import secrets_in_use
from shared.domain.errors import CredentialsRefused, Retryable
from shared.domain.sentences import Sentence, say
from shared.domain.times import utc_text
from shared.pipeline.reading.few_at_once import few_at_once
from shared.ports import Clock, Secrets
from shared.store.store import Store

SOON = timedelta(days=30)
"""The alert about keys that expire looks ahead as far."""

_Expiry = tuple[datetime, str]


async def expiry_note(store: Store, secrets: Secrets, clock: Clock) -> Sentence | None:
    """Return the note about the key that expires first, and how many others follow within `SOON`; None without any.

    A key that cannot be read is passed over: the vault has its own check, and a run over the key says what is wrong.
    """

    async def expiry_of(name: str) -> _Expiry | None:
        try:
            expires = await secrets.expires(name)
        except CredentialsRefused:
            return None
        return (expires, name) if expires else None

    now = clock.now()
    try:
        found = await few_at_once(expiry_of, await secrets_in_use(store))
    except Retryable:
        return None
    soon = sorted(each for each in found if each and each[0] - now < SOON)
    return _note(soon[0], len(soon) - 1, now) if soon else None


def _note(first: _Expiry, others: int, now: datetime) -> Sentence:
    expires, name = first
    if expires <= now:
        return say("key_expired", _EXPIRED + _OTHERS, secret=name, expired=utc_text(expires), others=others)
    days = (expires - now) // timedelta(days=1)
    return say("key_expires", _EXPIRES + _OTHERS, secret=name, days=days, expires=utc_text(expires), others=others)


_EXPIRES = (
    "The key in secret '{secret}' expires in {days} {days:day|days} ({expires}); make a new key in Klaviyo, and put it "
    "into the secret before that."
)
_EXPIRED = (
    "The key in secret '{secret}' has expired ({expired}); make a new key in Klaviyo, and put it into the secret."
)
_OTHERS = " {others} more {others:key expires|keys expire} within 30 days."
