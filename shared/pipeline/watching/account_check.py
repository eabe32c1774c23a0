"""Whether a key still leads to the Klaviyo account that the run or the connection is for."""

from shared.domain.errors import CONNECTION_TROUBLE, ConfigurationError, CredentialsRefused
from shared.domain.sentences import say
from shared.ports import Sink


async def known_account(sink: Sink, expected: str | None, secret_name: str) -> str | None:
    """Return Klaviyo's id of the account; return *expected* when the key lacks the scope accounts:read.

    Raises `ConfigurationError` when the key leads to another account than *expected*, whose lists are other lists;
    `Retryable`.
    """
    try:
        account = await sink.account()
    except CredentialsRefused:
        return expected
    if expected is not None and account.id != expected:
        text = (
            "The key in secret '{secret}' leads to the Klaviyo account {found}, but the connection is for {expected}. "
            "Put a key of that account into the secret, or make a connection for the other one."
        )
        other = say("other_account", text, secret=secret_name, found=account.id, expected=expected)
        raise ConfigurationError(other, public=CONNECTION_TROUBLE)
    return account.id
