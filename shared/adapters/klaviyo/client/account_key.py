"""The key in a secret, the account that the key leads to, and the sentences about both."""

from http import HTTPStatus

from shared.domain.config.scopes import SCOPES
from shared.domain.errors import CONNECTION_TROUBLE, ConfigurationError, CredentialsRefused, ScopeMissing
from shared.domain.sentences import Sentence, say
from shared.ports import Secrets

ALL_SCOPES = f"{', '.join(scope.name for scope in SCOPES[:-1])} and {SCOPES[-1].name}"


class Key:
    """The key in one secret, which may be exchanged at any time; mutable.

    *account_id* is the account that Klaviyo named for the key, None until it has named one.
    A key that is made for an account is never trusted when it leads to another account.
    """

    def __init__(self, secrets: Secrets, secret_name: str, account_id: str | None = None) -> None:
        self.secret_name = secret_name
        self.account_id = account_id
        self._only = account_id
        self._secrets = secrets
        self._trusted: str | None = None

    def for_account(self, account_id: str) -> "Key":
        """Return the same key for work on that account only; what Klaviyo has said of the key is not asked again."""
        key = Key(self._secrets, self.secret_name, account_id)
        if self.account_id == account_id:
            key._trusted = self._trusted
        return key

    async def read(self, *, fresh: bool = False) -> str:
        """Return the key; *fresh* asks the vault itself and no cache.

        Raises `CredentialsRefused` when the secret cannot be used; `Retryable`.
        """
        return await self._secrets.get(self.secret_name, fresh=fresh)

    def is_in_doubt(self, key: str) -> bool:
        """Tell whether *key* took the place of a key whose account is known: the new one may lead elsewhere."""
        return self.account_id is not None and key != self._trusted

    def trust(self, key: str, account_id: str | None) -> None:
        """Note that *key* leads to the account; None where Klaviyo does not say (the key lacks ``accounts:read``)."""
        if self._only and account_id not in (None, self._only):
            return
        self.account_id = account_id or self.account_id
        self._trusted = key

    def check(self, key: str, account_id: str) -> None:
        """Trust *key*, which leads to the account; raises `ConfigurationError` when another account is expected."""
        if self.account_id not in (None, account_id):
            raise ConfigurationError(self._other_account(account_id), public=CONNECTION_TROUBLE)
        self.trust(key, account_id)

    def refusal(self, status: int, scopes: str) -> CredentialsRefused:
        """Return the error for a key that Klaviyo refused with *status* (401 or 403) where *scopes* are needed."""
        if status == HTTPStatus.UNAUTHORIZED:
            unknown = say("key_unknown", _UNKNOWN, secret=self.secret_name, all_scopes=ALL_SCOPES)
            return CredentialsRefused(unknown, public=CONNECTION_TROUBLE)
        lacking = say("key_lacks_scope", _LACKS_SCOPE, secret=self.secret_name, scopes=scopes, all_scopes=ALL_SCOPES)
        return ScopeMissing(lacking, public=CONNECTION_TROUBLE)

    def _other_account(self, found: str) -> Sentence:
        accounts = {"secret": self.secret_name, "found": found, "expected": self.account_id}
        if self._only:
            return say("key_of_another_account", _NOT_THE_CONNECTIONS, **accounts)
        return say("key_of_another_account_than_before", _NOT_THE_ONE_BEFORE, **accounts)


_UNKNOWN = (
    "Klaviyo does not know the key in secret '{secret}' (401). Make a private key with the scopes {all_scopes} in "
    "Klaviyo's settings and put it into the secret."
)
_LACKS_SCOPE = (
    "Klaviyo refuses this to the key in secret '{secret}' (403): it needs {scopes} for that. A key cannot be changed; "
    "make a new private key with {all_scopes} and put it into the secret."
)
"""Klaviyo's own words for a 403 do not say which scope is missing."""
_NOT_THE_CONNECTIONS = (
    "The key that was put into secret '{secret}' leads to the Klaviyo account {found}, but the connection is for "
    "{expected}. Put a key of that account into the secret, or make a connection for the other one."
)
_NOT_THE_ONE_BEFORE = (
    "The key that was put into secret '{secret}' leads to the Klaviyo account {found}, but the one before it led to "
    "{expected}. Put a key of that account into the secret, or make a connection for the other one."
)
